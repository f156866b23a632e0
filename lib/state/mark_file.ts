import { ExitCode } from "../exit_code.ts";
import { readBounded } from "../files/read_bounded.ts";
import { fileProblem, writeAtomically } from "../files/write_atomically.ts";
import type { Log } from "../log/log.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { formatMark, type Mark, parseMark } from "./mark.ts";

/** A mark has a few hundred, in bytes. */
const MAX_MARK_BYTES = 64 * 1024;

/** What {@linkcode readMark} finds. */
export type ReadMarkResult =
  | { readonly kind: "none" }
  | { readonly kind: "mark"; readonly mark: Mark }
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * The file that holds the mark.
 *
 * @param stateDir The state directory.
 * @returns Its path.
 */
export function markPath(stateDir: string): string {
  return `${stateDir}/provisioned.json`;
}

/**
 * Reads the mark of an earlier run.
 *
 * @param stateDir The state directory.
 * @returns The mark, if there is one.
 */
export function readMark(stateDir: string): ReadMarkResult {
  const path = markPath(stateDir);
  try {
    const bytes = readBounded(path, MAX_MARK_BYTES);
    const mark = parseMark(new TextDecoder().decode(bytes));
    return mark === undefined
      ? { kind: "unreadable", reason: `"${path}" is no mark of this program` }
      : { kind: "mark", mark };
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? { kind: "none" } : {
      kind: "unreadable",
      reason: `Cannot read "${path}": ${fileProblem(error)}`,
    };
  }
}

/**
 * Writes the mark, atomically.
 *
 * @param stateDir The state directory; it is made if it is not there.
 * @param mark The mark.
 * @throws {ProvisioningError} If it cannot be written.
 */
export function writeMark(stateDir: string, mark: Mark): void {
  const path = markPath(stateDir);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, formatMark(mark), { mode: 0o644 });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write the mark "${path}": ${
        fileProblem(error)
      }; the VM is ready, but the next boot provisions again`,
      { key: "mark_not_written", exitCode: ExitCode.cannotCreate },
    );
  }
}

/**
 * Removes the mark of another VM, so that nobody takes this one for provisioned before
 * it is: what runs the user data asks the mark. That it cannot be removed fails nothing.
 *
 * @param stateDir The state directory.
 * @param log Where it is written then.
 */
export function forgetMark(stateDir: string, log: Log): void {
  const path = markPath(stateDir);
  try {
    Deno.removeSync(path);
  } catch (error) {
    log.debug(`Cannot remove the mark "${path}": ${fileProblem(error)}`);
  }
}
