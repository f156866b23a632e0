import { assert, assertEquals, assertThrows } from "@std/assert";
import { USER_DATA } from "../../../lib/parts/user_data/data_kind.ts";
import {
  decodeUserData,
  MAX_USER_DATA_BYTES,
} from "../../../lib/parts/user_data/decode_user_data.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../lib/provisioning_error.ts";

/** Decodes user data. */
const decode = (base64: string) => decodeUserData(base64, USER_DATA);

Deno.test("decodeUserData() returns any bytes unchanged", () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(decode(every.toBase64()), every);
  assertEquals(
    new TextDecoder().decode(decode("IyEvYmluL3NoCmVjaG8gaGkK")),
    "#!/bin/sh\necho hi\n",
  );
});

Deno.test("decodeUserData() ignores line ends, blanks and missing padding", () => {
  const bytes = new TextEncoder().encode("#!/bin/sh");
  for (
    const text of ["IyEv\r\nYmlu\nL3No\r\n", " IyEvYmluL3No\t", "IyEvYmluL3No"]
  ) assertEquals(decode(text), bytes, text);
  assertEquals(decode("YQ"), decode("YQ=="));
});

Deno.test("decodeUserData() refuses what is not base64, and quotes none of it", () => {
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

Deno.test("decodeUserData() accepts 64 KiB, and not a byte more", () => {
  const most = new Uint8Array(MAX_USER_DATA_BYTES).fill(0xff);
  assertEquals(decode(most.toBase64()).length, MAX_USER_DATA_BYTES);
  for (const more of [1, 2, 3, 100_000]) {
    const bytes = new Uint8Array(MAX_USER_DATA_BYTES + more);
    assertEquals(refused(bytes.toBase64()).key, "user_data_too_large");
  }
});

function refused(base64: string): ProvisioningError {
  return assertThrows(() => decode(base64), ProvisioningError);
}
