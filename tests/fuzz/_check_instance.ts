import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { type Instance, parseInstance } from "../../lib/imds/instance.ts";
import { hostNameFrom } from "../../lib/parts/hostname/host_name.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { attempt } from "./_attempt.ts";
import { checkHostName } from "./_check_host_name.ts";
import { checkMessage } from "./_printable.ts";

const NAMES = ["vmId", "computerName", "name", "adminUsername"];

/**
 * Reads a text as instance metadata, and checks what comes of it, the host name
 * included.
 *
 * @param json Any text.
 * @returns The metadata, or `undefined` if the text was refused, and every word that was said.
 */
export function checkInstance(
  json: string,
): { instance: Instance | undefined; words: string[] } {
  const problems: string[] = [];
  const outcome = attempt(
    () => parseInstance(json, (problem) => problems.push(problem)),
    TypeError,
  );
  problems.forEach(checkMessage);
  if (!outcome.ok) {
    checkMessage(outcome.error.message);
    return { instance: undefined, words: [outcome.error.message] };
  }
  const instance = outcome.value;
  const {
    disablePasswordAuthentication: flag = true,
    publicKeys = ["x"],
    userData = "x",
    hasNoUser,
    hasCustomData = true,
    ...names
  } = instance;
  assert(typeof flag === "boolean");
  assert(typeof hasCustomData === "boolean");
  if (hasNoUser !== undefined) {
    assertEquals([hasNoUser, names.adminUsername], [true, undefined]);
  }
  assert(publicKeys.length > 0);
  for (const text of [...publicKeys, userData]) {
    assert(typeof text === "string" && text.trim() !== "");
  }
  for (const [key, value] of Object.entries(names)) {
    assert(NAMES.includes(key), key);
    assert(typeof value === "string" && value !== "" && value.trim() === value);
  }
  return { instance, words: [...problems, ...checkHostNameFrom(instance)] };
}

function checkHostNameFrom(instance: Instance): string[] {
  const words: string[] = [];
  const say = (message: string) => {
    words.push(message);
  };
  const log = { debug: say, info: say, warn: say, error: say };
  const outcome = attempt(
    () => hostNameFrom(instance, log),
    ProvisioningError,
  );
  const raw = instance.computerName ?? instance.name;
  if (outcome.ok) {
    assert(raw !== undefined);
    assertEquals(checkHostName(raw), outcome.value);
  } else {
    assertInstanceOf(outcome.error, ProvisioningError);
    assertEquals(
      outcome.error.key,
      raw === undefined ? "host_name_absent" : "host_name_invalid",
    );
    checkMessage(outcome.error.message);
    words.push(outcome.error.message);
  }
  return words;
}
