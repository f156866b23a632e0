import { fileProblem } from "../../files/write_atomically.ts";
import type { RunResult } from "../../host/run_program.ts";
import { type LoginMachine, runWithin } from "./login_machine.ts";

/**
 * What a program that changes accounts leaves in `/etc` if it is cut off, as by a
 * power cut, and what it refuses to work beside: a new text that busybox writes before
 * it takes the old one's place (`update_passwd` of its libbb), and a lock of shadow's,
 * which may be empty then, or name a process that is another one by now
 * (`commonio_lock`).
 */
export const ACCOUNT_LEFTOVERS: readonly string[] = [
  "passwd+",
  "group+",
  "shadow+",
  "gshadow+",
  "passwd.lock",
  "group.lock",
  "shadow.lock",
  "gshadow.lock",
  "subuid.lock",
  "subgid.lock",
];

/**
 * Runs a program of the system that changes accounts. If it fails beside what one that
 * was cut off left in `/etc`, that is removed, and it is run once more.
 *
 * Whoever works on the accounts at the same time is not disturbed: busybox waits three
 * seconds for the other's file to go, and shadow holds a lock of the kernel beside the
 * file.
 *
 * @param machine The machine.
 * @param name The program's name.
 * @param args Its arguments.
 * @param input What it reads.
 * @returns How it ended.
 */
export async function runAccountProgram(
  machine: LoginMachine,
  name: string,
  args: readonly string[],
  input?: string,
): Promise<RunResult> {
  const before = leftoversIn(machine);
  const result = await runWithin(machine, name, args, input);
  if (result.kind !== "failed") return result;
  const now = leftoversIn(machine);
  let removed = 0;
  for (const [path, identity] of before) {
    if (now.get(path) !== identity) continue;
    if (remove(path, result.reason, machine)) removed++;
  }
  return removed === 0 ? result : await runWithin(machine, name, args, input);
}

/** The files that are there, and what tells each from a later one of its name. */
function leftoversIn({ etcDir }: LoginMachine): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of ACCOUNT_LEFTOVERS) {
    const path = `${etcDir}/${name}`;
    try {
      const { isFile, ino, mtime, size } = Deno.lstatSync(path);
      if (isFile) found.set(path, `${ino} ${mtime?.getTime()} ${size}`);
    } catch {
      // It is not there.
    }
  }
  return found;
}

function remove(path: string, reason: string, { log }: LoginMachine): boolean {
  try {
    Deno.removeSync(path);
  } catch (error) {
    log.warn(
      `Cannot remove "${path}", which a program that was cut off left there: ${
        fileProblem(error)
      }`,
    );
    return false;
  }
  log.info(
    `Removed "${path}", which a program that was cut off left there: ${reason}`,
  );
  return true;
}
