import { ExitCode } from "../exit_code.ts";
import { readBounded } from "../files/read_bounded.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { parseRecord } from "./parse_record.ts";
import { recordPath, type RunRecord } from "./record.ts";

/** Two hundred calls and what was wrong with them are far less, in bytes. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/**
 * Reads the record that the last run left.
 *
 * @param stateDir The state directory.
 * @returns The record.
 * @throws {ProvisioningError} If there is none, or it cannot be read or is no record.
 */
export function readRecord(stateDir: string): RunRecord {
  const path = recordPath(stateDir);
  let text: string;
  try {
    text = new TextDecoder().decode(readBounded(path, MAX_RECORD_BYTES));
  } catch (error) {
    throw new ProvisioningError(
      error instanceof Deno.errors.NotFound
        ? `There is no record "${path}": no run has begun here, or it could not write; the journal knows more`
        : `Cannot read the record "${path}": ${fileProblem(error)}`,
      { key: "record_unreadable", exitCode: ExitCode.io },
    );
  }
  const record = parseRecord(text);
  if (record === undefined) {
    throw new ProvisioningError(
      `"${path}" is no record of this version of the program; the next run writes it anew`,
      { key: "record_invalid", exitCode: ExitCode.badData },
    );
  }
  return record;
}

/** What has become of a run that has not written how it ended. */
export type RunState = "running" | "cut off" | "running or cut off";

/**
 * Finds out whether a run is still under way: it holds the lock while it is.
 *
 * @param stateDir The state directory.
 * @returns What can be known; without the right to open the lock, that is little.
 */
export async function runState(stateDir: string): Promise<RunState> {
  try {
    const path = `${stateDir}/lock`;
    // To open a pipe for reading is to wait for whoever writes it.
    if (!(await Deno.stat(path)).isFile) return "running or cut off";
    using lock = await Deno.open(path);
    return await lock.tryLock(false) ? "cut off" : "running";
  } catch {
    return "running or cut off";
  }
}
