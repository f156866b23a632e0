import type { Clock } from "../../clock.ts";
import { readBounded } from "../../files/read_bounded.ts";
import { fileProblem } from "../../files/write_atomically.ts";
import {
  PROGRAM_FOLDERS,
  type RunProgramOptions,
  type RunResult,
} from "../../host/run_program.ts";
import type { Log } from "../../log/create_log.ts";
import type { PartContext } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The machine that somebody is to log in to; a test passes a made-up one. */
export interface LoginMachine {
  /** The folder of passwd and group, `/etc` on a real machine. */
  readonly etcDir: string;
  /** The folder that homes are below, `/home` on a real machine. */
  readonly homesDir: string;
  /** The folder where the program keeps its state, which only root can write. */
  readonly stateDir: string;
  /** Runs a program of the system. */
  readonly run: (
    name: string,
    options: RunProgramOptions,
  ) => Promise<RunResult>;
  /** The journal. */
  readonly log: Log;
  /** Time. */
  readonly clock: Clock;
  /** When all has to be done, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

/** The folder that homes are below. */
export const HOMES_DIR = "/home";

/**
 * The machine that the program runs on.
 *
 * @param context What a part gets.
 * @returns The machine; homes are below {@linkcode HOMES_DIR}.
 */
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

/** What a program gets, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 30_000;

/** The least that it gets, however late it is, in milliseconds. */
const LEAST_PROGRAM_TIMEOUT_MS = 1_000;

/** The largest file of /etc that is read, in bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Runs a program of the system, within the time that is left.
 *
 * @param machine The machine.
 * @param name The program's name.
 * @param args Its arguments.
 * @param input What it reads.
 * @returns How it ended.
 */
export async function runWithin(
  machine: LoginMachine,
  name: string,
  args: readonly string[],
  input?: string,
): Promise<RunResult> {
  const { clock, deadline, signal } = machine;
  signal?.throwIfAborted();
  const result = await machine.run(name, {
    args,
    timeoutMs: Math.min(
      PROGRAM_TIMEOUT_MS,
      Math.max(LEAST_PROGRAM_TIMEOUT_MS, Math.ceil(deadline - clock.now())),
    ),
    input,
    signal,
  });
  signal?.throwIfAborted();
  return result;
}

/**
 * Reads a file of the system.
 *
 * @param path The file.
 * @returns Its text, or `undefined` if it is not there.
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
      }; run as root, on a machine whose files are in order`,
      { key: "login_files_unreadable", exitCode: ExitCode.io, cause: error },
    );
  }
}

/**
 * Finds a program in the folders that programs are run from.
 *
 * @param name Its name.
 * @returns Its path, or `undefined` if it is not installed.
 */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of PROGRAM_FOLDERS) {
    const path = `${folder}/${name}`;
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/**
 * Whether a file is there that can be run.
 *
 * @param path The file.
 * @returns Whether it is a file with a bit that says so.
 */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}
