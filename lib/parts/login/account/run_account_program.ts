import { fileProblem } from "../../../files/file_problem.ts";
import type { RunResult } from "../../../host/run_program.ts";
import {
  type LoginMachine,
  type ProgramMachine,
  runWithin,
} from "../login_machine.ts";
import { ACCOUNT_LEFTOVERS, ACCOUNT_PROGRAMS } from "../login_names.ts";

/** One of {@linkcode ACCOUNT_PROGRAMS}. */
export type AccountProgram = typeof ACCOUNT_PROGRAMS[number];

/**
 * Runs a program that changes accounts. If it fails and an interrupted one left files in
 * `/etc`, they are removed, and it is run once more.
 *
 * This does not disturb a program that works on the accounts at the same time: busybox
 * waits three seconds for the other's file to go away, and shadow also holds a lock of
 * the kernel.
 *
 * @param input Its standard input; empty by default.
 */
export async function runAccountProgram(
  machine: ProgramMachine & Pick<LoginMachine, "etcDir" | "log">,
  name: AccountProgram,
  args: readonly string[],
  input?: string,
): Promise<RunResult> {
  const before = leftoversIn(machine);
  const result = await runWithin(machine, name, args, { input });
  if (result.kind !== "failed") return result;
  const now = leftoversIn(machine);
  let removed = 0;
  for (const [path, identity] of before) {
    if (now.get(path) !== identity) continue;
    if (remove(path, result.reason, machine)) removed++;
  }
  return removed === 0
    ? result
    : await runWithin(machine, name, args, { input });
}

/** The paths of leftovers, each with what distinguishes the file from a later one at that path. */
function leftoversIn(
  { etcDir }: Pick<LoginMachine, "etcDir">,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of ACCOUNT_LEFTOVERS) {
    const path = `${etcDir}/${name}`;
    try {
      const { isFile, ino, mtime, size } = Deno.lstatSync(path);
      if (isFile) found.set(path, `${ino} ${mtime?.getTime()} ${size}`);
    } catch {
      // It does not exist.
    }
  }
  return found;
}

function remove(
  path: string,
  reason: string,
  { log }: Pick<LoginMachine, "log">,
): boolean {
  try {
    Deno.removeSync(path);
  } catch (error) {
    log.warn(
      `Cannot remove "${path}", which an interrupted program left there: ${
        fileProblem(error)
      }; remove it`,
    );
    return false;
  }
  log.info(
    `Removed "${path}", which an interrupted program left there: ${reason}`,
  );
  return true;
}
