import { assert, assertEquals } from "@std/assert";
import {
  MAX_OVF_ENV_BYTES,
  type OvfEnv,
  parseOvfEnv,
} from "../../lib/media/ovf_env.ts";
import { attemptWith } from "./_attempt.ts";
import { checkMessage } from "./_printable.ts";

/** All that an error may say: none of it is a word of the document. */
const MESSAGE_REGEXP =
  /^It (is over \d+ bytes|has no \w+ of the namespace "[^"]+"|has elements in its UserPassword|is not well-formed XML(: see line \d+, column \d+)?)$/;

/**
 * Reads a text as an `ovf-env.xml`, and checks what comes of it.
 *
 * @param xml Any text.
 * @returns What it says, or `undefined` if it was refused.
 */
export function checkOvfEnv(xml: string): OvfEnv | undefined {
  const outcome = attemptWith(xml.length, () => parseOvfEnv(xml), TypeError);
  if (!outcome.ok) {
    checkMessage(outcome.error.message);
    assert(MESSAGE_REGEXP.test(outcome.error.message), outcome.error.message);
    return undefined;
  }
  assert(xml.length <= MAX_OVF_ENV_BYTES);
  const {
    disablePasswordAuthentication,
    publicKeys = [],
    adminPassword,
    ...texts
  } = outcome.value.instance;
  assert(adminPassword === undefined || adminPassword.reveal() !== "");
  for (const text of [...Object.values(texts), ...publicKeys]) {
    assert(typeof text === "string" && text !== "" && text.trim() === text);
  }
  assert(publicKeys.length > 0 || !("publicKeys" in outcome.value.instance));
  assertEquals(
    ["boolean", "undefined"].includes(typeof disablePasswordAuthentication),
    true,
  );
  return outcome.value;
}
