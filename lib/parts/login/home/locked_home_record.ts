import { fileProblem } from "../../../files/file_problem.ts";
import { readBounded } from "../../../files/read_bounded.ts";
import { writeAtomically } from "../../../files/write_atomically.ts";
import type { LoginMachine } from "../login_machine.ts";
import { lockedHomePath } from "../login_names.ts";

/** A home that a run has locked. If the run is killed, the next one needs this to unlock it. */
export interface LockedHome {
  readonly home: string;
  /** The inode of the home. */
  readonly ino: number | null;
  /** Who owns the home when it is unlocked. */
  readonly owner: number;
  /** The inode of `.ssh`; absent if there was none. */
  readonly folder?: number;
  /** Who owns `.ssh` when it is unlocked; root if root owned it before. */
  readonly uid: number;
  /** The group of `.ssh`. */
  readonly gid: number;
  /** The name of the temporary file in `.ssh`. */
  readonly temporary: string;
}

/** The part of a machine that the record needs. */
type RecordMachine = Pick<LoginMachine, "stateDir" | "log">;

/** More than a record with the longest path has, in bytes. */
const MAX_RECORD_BYTES = 8192;

/** Writes the record, before the home is locked. It does not fail. */
export function recordLockedHome(
  locked: LockedHome,
  { stateDir, log }: RecordMachine,
): void {
  const path = lockedHomePath(stateDir);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, `${JSON.stringify(locked)}\n`, { mode: 0o600 });
  } catch (error) {
    // A VM without keys is worse than the risk of a crash in the next few milliseconds.
    log.debug(`Cannot write "${path}": ${fileProblem(error)}`);
  }
}

/**
 * Reads the record that a killed run left. Logs a warning if it is unusable, and
 * removes it if it is not a record.
 *
 * @returns `undefined` if there is none.
 */
export function readLockedHome(
  { stateDir, log }: RecordMachine,
): LockedHome | undefined {
  const path = lockedHomePath(stateDir);
  let text: string;
  try {
    text = new TextDecoder().decode(readBounded(path, MAX_RECORD_BYTES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    log.warn(`Cannot read "${path}": ${fileProblem(error)}; remove it`);
    return undefined;
  }
  const locked = parse(text);
  if (locked === undefined && forgetLockedHome({ stateDir, log })) {
    log.warn(
      `Removed "${path}", which is not a record of a home; if a home belongs to root, give it back to its user`,
    );
  }
  return locked;
}

/**
 * Removes the record, once the home is unlocked. Logs a warning if it cannot.
 *
 * @returns Whether it is gone.
 */
export function forgetLockedHome({ stateDir, log }: RecordMachine): boolean {
  const path = lockedHomePath(stateDir);
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      log.warn(`Cannot remove "${path}": ${fileProblem(error)}; remove it`);
      return false;
    }
  }
  return true;
}

function parse(text: string): LockedHome | undefined {
  try {
    const locked = JSON.parse(text) as LockedHome;
    const isWhole = typeof locked.home === "string" &&
      typeof locked.ino === "number" && Number.isSafeInteger(locked.owner) &&
      ["undefined", "number"].includes(typeof locked.folder) &&
      Number.isSafeInteger(locked.uid) && Number.isSafeInteger(locked.gid) &&
      /^\.authorized_keys\.[0-9a-f-]{36}$/.test(locked.temporary);
    return isWhole ? locked : undefined;
  } catch {
    return undefined;
  }
}
