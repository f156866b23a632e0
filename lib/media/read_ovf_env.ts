import { ExitCode } from "../exit_code.ts";
import { readBounded } from "../files/read_bounded.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { messageOf, ProvisioningError } from "../provisioning_error.ts";
import { MAX_OVF_ENV_BYTES, type OvfEnv, parseOvfEnv } from "./ovf_env.ts";

/**
 * Reads the copy of `ovf-env.xml`. Needs `--allow-read` for it.
 *
 * @param path Its path.
 * @returns What it says.
 * @throws {ProvisioningError} With the key `media_unreadable`, `media_invalid` or
 * `media_preprovisioned`, if it cannot be used; no message quotes it.
 */
export function readOvfEnv(path: string): OvfEnv {
  const ovfEnv = parse(path, read(path));
  if (ovfEnv.isPreprovisioned) {
    throw unusable(
      path,
      "It is of a VM that has no owner yet, and its names are made up",
      "media_preprovisioned",
    );
  }
  return ovfEnv;
}

function read(path: string): Uint8Array {
  try {
    return readBounded(path, MAX_OVF_ENV_BYTES);
  } catch (error) {
    throw error instanceof TypeError
      ? unusable(path, sentence(error.message), "media_invalid")
      : unusable(path, fileProblem(error), "media_unreadable");
  }
}

function sentence(end: string): string {
  return `${end[0]!.toUpperCase()}${end.slice(1)}`;
}

function parse(path: string, bytes: Uint8Array): OvfEnv {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(path, "It is not UTF-8", "media_invalid");
  }
  try {
    return parseOvfEnv(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unusable(path, messageOf(error), "media_invalid");
  }
}

function unusable(
  path: string,
  problem: string,
  key: string,
): ProvisioningError {
  return new ProvisioningError(
    `Cannot use what the provisioning media say, "${path}": ${problem}`,
    { key, exitCode: ExitCode.badData },
  );
}
