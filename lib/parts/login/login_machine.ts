import type { Clock } from "../../clock.ts";
import { fileProblem, isReadOnlyError } from "../../files/file_problem.ts";
import { readBounded } from "../../files/read_bounded.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { temporaryPathOf } from "../../files/write_atomically.ts";
import type { Host } from "../../host/host.ts";
import {
  restoreLabels,
  type RestoreLabelsOptions,
} from "../../host/restore_labels.ts";
import type { RunProgramOptions, RunResult } from "../../host/run_program.ts";
import type { Log } from "../../log/create_log.ts";
import type { PartContext } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The machine that a user will log in to; tests pass a made-up one. */
export interface LoginMachine {
  /** The folder of passwd and group, `/etc` on a real machine. */
  readonly etcDir: string;
  /** The folders below which homes may be; the first one is `/home` on a real machine. */
  readonly homesDirs: readonly string[];
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

/**
 * The machine that the program runs on.
 *
 * @param homesDirs The folders below which homes may be.
 */
export function machineOf(
  context: PartContext,
  homesDirs: readonly string[],
): LoginMachine {
  const { host, stateDir, log, clock, deadline, signal } = context;
  return {
    etcDir: host.etcDir,
    homesDirs,
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

/**
 * The folder of the vendor's settings on distributions that keep them apart from the
 * administrator's.
 *
 * @returns `/usr/etc` for `/etc`.
 */
export function vendorFolderOf(etcDir: string): string {
  return `${etcDir.slice(0, etcDir.lastIndexOf("/"))}/usr/etc`;
}

/**
 * Finds a file of the machine's.
 *
 * @param path Its path on a real machine.
 * @returns The same path, unless `etcDir` stands for `/etc`.
 */
export function pathOnDisk(path: string, etcDir: string): string {
  return path.replace(/^\/etc(?=\/|$)/, etcDir)
    .replace(/^\/usr\/etc(?=\/|$)/, vendorFolderOf(etcDir));
}

/**
 * Whether the folder of the system's settings is on a file system that is read-only.
 *
 * Needs `--allow-write` for a temporary file in it.
 */
export function isReadOnly(
  { etcDir }: Pick<LoginMachine, "etcDir">,
): boolean {
  const path = temporaryPathOf(`${etcDir}/doas.conf`);
  try {
    removeIfThere(path);
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
    Deno.removeSync(path);
  } catch (error) {
    return isReadOnlyError(error);
  }
  return false;
}

/** The part of a machine that running a program needs. */
export type ProgramMachine = Pick<
  LoginMachine,
  "run" | "clock" | "deadline" | "signal"
>;

/**
 * Runs a program of the system, within the time that is left.
 *
 * @param name The program's name, without a folder.
 * @param options Its standard input, which is empty by default, and whether the result
 * has its output.
 * @throws The signal's reason, if it is aborted.
 */
export async function runWithin(
  machine: ProgramMachine,
  name: string,
  args: readonly string[],
  options: Pick<RunProgramOptions, "input" | "keepOutput"> = {},
): Promise<RunResult> {
  const { clock, deadline, signal } = machine;
  signal?.throwIfAborted();
  const result = await machine.run(name, {
    args,
    timeoutMs: Math.min(
      MAX_PROGRAM_MS,
      Math.max(MIN_PROGRAM_MS, Math.ceil(deadline - clock.now())),
    ),
    ...options,
    signal,
  });
  signal?.throwIfAborted();
  return result;
}

/**
 * Labels files for SELinux; see {@linkcode restoreLabels}.
 *
 * @param paths Absolute paths.
 */
export async function labelFiles(
  paths: readonly string[],
  machine: ProgramMachine & Pick<LoginMachine, "log">,
  options: Pick<RestoreLabelsOptions, "recursive"> = {},
): Promise<void> {
  await restoreLabels(paths, {
    run: (program, args) => runWithin(machine, program, args),
    log: machine.log,
    ...options,
  });
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
