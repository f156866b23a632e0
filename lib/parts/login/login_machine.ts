import type { Clock } from "../../clock.ts";
import { fileProblem } from "../../files/file_problem.ts";
import { readBounded } from "../../files/read_bounded.ts";
import type { Host } from "../../host/host.ts";
import type { RunResult } from "../../host/run_program.ts";
import type { Log } from "../../log/create_log.ts";
import type { PartContext } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The machine that a user will log in to; tests pass a made-up one. */
export interface LoginMachine {
  /** The folder of passwd and group, `/etc` on a real machine. */
  readonly etcDir: string;
  /** The folder of homes, `/home` on a real machine. */
  readonly homesDir: string;
  /** The program's state directory, which only root can write to. */
  readonly stateDir: string;
  /** Runs a program of the system. */
  readonly run: Host["run"];
  /** The journal. */
  readonly log: Log;
  /** Measures the time that is left. */
  readonly clock: Pick<Clock, "now">;
  /** When everything has to be done, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

/** The folder of homes. */
export const HOMES_DIR = "/home";

/** The machine that the program runs on, with homes in {@linkcode HOMES_DIR}. */
export function machineOf(context: PartContext): LoginMachine {
  const { host, stateDir, log, clock, deadline, signal } = context;
  return {
    etcDir: host.etcDir,
    homesDir: HOMES_DIR,
    stateDir,
    run: host.run,
    log,
    clock,
    deadline,
    signal,
  };
}

/** The longest time that a program gets, in milliseconds. */
const MAX_PROGRAM_MS = 30_000;

/** The shortest time that a program gets, in milliseconds. */
const MIN_PROGRAM_MS = 1_000;

/** The largest file in `/etc` that is read, in bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The part of a machine that running a program needs. */
export type ProgramMachine = Pick<
  LoginMachine,
  "run" | "clock" | "deadline" | "signal"
>;

/**
 * Runs a program of the system, within the time that is left.
 *
 * @param name The program's name, without a folder.
 * @param input Its standard input; empty by default.
 * @throws The signal's reason, if it is aborted.
 */
export async function runWithin(
  machine: ProgramMachine,
  name: string,
  args: readonly string[],
  input?: string,
): Promise<RunResult> {
  const { clock, deadline, signal } = machine;
  signal?.throwIfAborted();
  const result = await machine.run(name, {
    args,
    timeoutMs: Math.min(
      MAX_PROGRAM_MS,
      Math.max(MIN_PROGRAM_MS, Math.ceil(deadline - clock.now())),
    ),
    input,
    signal,
  });
  signal?.throwIfAborted();
  return result;
}

/**
 * Reads a text file of the system.
 *
 * @returns `undefined` if it does not exist.
 * @throws {ProvisioningError} If it cannot be read, or is over 4 MiB.
 */
export function readIfThere(path: string): string | undefined {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_FILE_BYTES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new ProvisioningError(
      `Cannot read "${path}": ${
        fileProblem(error)
      }; run as root, and check that file`,
      { key: "login_files_unreadable", exitCode: ExitCode.io, cause: error },
    );
  }
}
