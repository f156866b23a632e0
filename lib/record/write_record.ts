import { temporaryPathOf } from "../files/write_atomically.ts";
import { recordPath } from "./record.ts";

/** Everybody who can log in may read how the boot went; there are no secrets in it. */
const RECORD_MODE = 0o644;

/**
 * Writes the record, whole or not at all, but without waiting for the disk: a first
 * boot has no time for that. The calls do not give way to others either, as that
 * would take longer than the writing.
 *
 * @param stateDir The state directory.
 * @param text The record's text.
 * @throws {Error} If it cannot be written; an earlier record is then still there.
 */
export function writeRecord(stateDir: string, text: string): void {
  const path = recordPath(stateDir);
  const temporary = temporaryPathOf(path);
  removeIfThere(temporary);
  try {
    Deno.writeTextFileSync(temporary, text, {
      createNew: true,
      mode: RECORD_MODE,
    });
    Deno.chmodSync(temporary, RECORD_MODE);
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

/**
 * Removes the record, if it is there and can be removed.
 *
 * @param stateDir The state directory.
 */
export function removeRecord(stateDir: string): void {
  removeIfThere(recordPath(stateDir));
}

/**
 * Removes what a write that was cut off has left, if it is there and can be removed.
 *
 * @param stateDir The state directory.
 */
export function removeDraft(stateDir: string): void {
  removeIfThere(temporaryPathOf(recordPath(stateDir)));
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What cannot be removed cannot be made anew, which says why.
  }
}
