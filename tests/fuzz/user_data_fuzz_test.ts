import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { USER_DATA } from "../../lib/parts/user_data/data_kind.ts";
import {
  decodeUserData,
  MAX_USER_DATA_BYTES,
} from "../../lib/parts/user_data/decode_user_data.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { attempt } from "./_attempt.ts";
import { fuzz } from "./_fuzz.ts";
import { checkMessage } from "./_printable.ts";
import { text } from "./_texts.ts";

const room = "user data";

fuzz("decodeUserData() gives back any bytes, with blanks anywhere", {
  room,
  runs: 330,
  input: fc.tuple(
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 1, max: 80 }),
    fc.constantFrom("", "\n", "\r\n", " "),
  ),
  check: ([bytes, width, blank]) => {
    const base64 = bytes.toBase64().replaceAll(
      new RegExp(`.{${width}}`, "g"),
      `$&${blank}`,
    );
    assertEquals(decodeUserData(base64, USER_DATA), bytes);
  },
});

fuzz("decodeUserData() gives bytes or an error without a word of the data", {
  room,
  runs: 670,
  input: fc.oneof(
    text,
    fc.base64String({ maxLength: 400 }).map((it) => it.slice(1)),
    fc.integer({ min: 87_376, max: 87_392 }).map((it) => "A".repeat(it)),
  ),
  check: (input) => {
    const outcome = attempt(
      () => decodeUserData(input, USER_DATA),
      ProvisioningError,
    );
    if (outcome.ok) {
      assert(outcome.value.length <= MAX_USER_DATA_BYTES);
    } else {
      checkMessage(outcome.error.message);
      assert(
        ["user_data_invalid", "user_data_too_large"]
          .includes((outcome.error as ProvisioningError).key),
      );
      assert(input.length < 20 || !outcome.error.message.includes(input));
    }
  },
});
