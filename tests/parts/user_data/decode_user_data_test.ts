import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  decodeUserData,
  MAX_USER_DATA_BYTES,
} from "../../../lib/parts/user_data/user_data_file.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../lib/provisioning_error.ts";

Deno.test("user data come out byte for byte, whatever they are", () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(decodeUserData(every.toBase64()), every);
  assertEquals(
    new TextDecoder().decode(decodeUserData("IyEvYmluL3NoCmVjaG8gaGkK")),
    "#!/bin/sh\necho hi\n",
  );
});

Deno.test("line ends and blanks in base64 do no harm, nor does padding that is left out", () => {
  const bytes = new TextEncoder().encode("#!/bin/sh");
  for (
    const text of ["IyEv\r\nYmlu\nL3No\r\n", " IyEvYmluL3No\t", "IyEvYmluL3No"]
  ) assertEquals(decodeUserData(text), bytes, text);
  assertEquals(decodeUserData("YQ"), decodeUserData("YQ=="));
});

Deno.test("what is not base64 is refused, by name and without a word of it", () => {
  for (
    const text of [
      "#!/bin/sh\necho secret",
      "c2VjcmV0*",
      "c2Vjc",
      "====",
      "c2VjcmV0==\u00a0",
      "__8-",
    ]
  ) {
    const { key, exitCode, message } = refused(text);
    assertEquals(key, "user_data_invalid", text);
    assertEquals(exitCode, ExitCode.badData);
    assert(!message.includes("secret") && !message.includes("c2Vj"), message);
  }
});

Deno.test("64 KiB are taken, and not a byte more", () => {
  const most = new Uint8Array(MAX_USER_DATA_BYTES).fill(0xff);
  assertEquals(decodeUserData(most.toBase64()).length, MAX_USER_DATA_BYTES);
  for (const more of [1, 2, 3, 100_000]) {
    const bytes = new Uint8Array(MAX_USER_DATA_BYTES + more);
    assertEquals(refused(bytes.toBase64()).key, "user_data_too_large");
  }
});

function refused(base64: string): ProvisioningError {
  return assertThrows(() => decodeUserData(base64), ProvisioningError);
}
