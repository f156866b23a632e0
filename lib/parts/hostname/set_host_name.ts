import { fileProblem, isReadOnlyError } from "../../files/file_problem.ts";
import { readBounded } from "../../files/read_bounded.ts";
import {
  pathsToWrite,
  syncFolder,
  writeAtomically,
} from "../../files/write_atomically.ts";
import type { Host } from "../../host/host.ts";
import { restoreLabels, SELINUX_LABELLER } from "../../host/restore_labels.ts";
import type { Log } from "../../log/create_log.ts";
import { withHostName } from "./hosts_file.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The programs that can set the name, the best one first: it tells systemd-hostnamed as well. */
const SETTERS = ["hostnamectl", "hostname"] as const;

/** The programs that are run. */
export const HOST_NAME_PROGRAMS: readonly string[] = [
  ...SETTERS,
  SELINUX_LABELLER,
];

/** The paths that are written. */
export const HOST_NAME_PATHS: readonly string[] = pathsToWrite([
  "/etc/hostname",
  "/etc/hosts",
]);

/** Options of {@linkcode setHostName}. */
export interface SetHostNameOptions {
  /** The journal. */
  readonly log: Log;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time that is left, in milliseconds. Each program gets half of it, because a
   * second one may have to be tried, but at least half a second and at most ten seconds.
   *
   * @default {Infinity}
   */
  readonly remainingMs?: number;
}

/** The longest time that a program gets, in milliseconds. */
const MAX_PROGRAM_MS = 10_000;

/** The shortest time that a program gets, in milliseconds. */
const MIN_PROGRAM_MS = 500;

/** The largest file in `/etc` that is read and replaced, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The start of `/etc/hosts` on a machine that has none. */
const NEW_HOSTS = "127.0.0.1\tlocalhost\n";

/**
 * Sets the host name: in the kernel, in `/etc/hostname`, and in `/etc/hosts` if
 * nothing there resolves it.
 *
 * If neither `hostnamectl` nor `hostname` is installed, the name takes effect at the
 * next boot.
 *
 * @param name A name that `toHostName` returned.
 * @throws {ProvisioningError} If a program is installed but none could set the name,
 * or if the name could not be kept for the next boot. Whatever can be done is done first.
 */
export async function setHostName(
  name: string,
  host: Host,
  options: SetHostNameOptions,
): Promise<void> {
  const { log, signal } = options;
  const nowProblem = await setInKernel(name, host, options);
  signal?.throwIfAborted();
  const { written, keepProblem } = writeFiles(name, host, log);
  await restoreLabels(written, {
    run: (program, args) =>
      host.run(program, { args, timeoutMs: timeoutOf(options), signal }),
    log,
  });
  if (keepProblem === undefined && nowProblem === ABSENT) {
    log.warn(
      `Neither hostnamectl nor hostname is installed: the host name "${name}" takes effect at the next boot`,
    );
    return;
  }
  if (nowProblem === undefined && keepProblem === undefined) return;
  throw new ProvisioningError(failureOf(name, nowProblem, keepProblem), {
    key: "host_name_not_set",
    exitCode: nowProblem === undefined
      ? ExitCode.cannotCreate
      : ExitCode.notPermitted,
  });
}

/** Says what is in effect now, because one of the two steps may have worked. */
function failureOf(
  name: string,
  nowProblem: string | undefined,
  keepProblem: string | undefined,
): string {
  if (nowProblem === undefined) {
    return `The host name "${name}" holds until the next boot only: ${keepProblem}; check that /etc is writable`;
  }
  if (keepProblem === undefined) {
    return `The host name "${name}" takes effect at the next boot only: ${nowProblem}; check that the program works for root`;
  }
  return `Cannot set the host name "${name}": ${nowProblem}; ${keepProblem}; run as root, and check that /etc is writable`;
}

/** The reason why the kernel does not have the name if nothing can set it. */
const ABSENT = "neither hostnamectl nor hostname is installed";

function timeoutOf({ remainingMs = Infinity }: SetHostNameOptions): number {
  return Math.min(
    MAX_PROGRAM_MS,
    Math.max(MIN_PROGRAM_MS, Math.ceil(remainingMs / 2)),
  );
}

/** Returns why the kernel does not have the name, if so. */
async function setInKernel(
  name: string,
  host: Host,
  options: SetHostNameOptions,
): Promise<string | undefined> {
  const { log, signal } = options;
  const problems: string[] = [];
  const timeoutMs = timeoutOf(options);
  for (const program of SETTERS) {
    signal?.throwIfAborted();
    const args = program === "hostnamectl"
      ? ["--no-ask-password", "set-hostname", name]
      : [name];
    const result = await host.run(program, { args, timeoutMs, signal });
    if (result.kind === "absent") continue;
    if (result.kind === "failed") {
      problems.push(result.reason);
      log.debug(`Cannot set the host name with ${result.reason}`);
      // systemd-hostnamed may fail only after it has told the kernel.
      if (host.currentName() !== name) continue;
    }
    const current = host.currentName();
    if (current === name) {
      log.info(`Host name set to "${name}" by ${program}`);
      return undefined;
    }
    problems.push(`${program} left the host name at "${current}"`);
  }
  if (problems.length > 0) return problems.join("; ");
  return host.currentName() === name ? undefined : ABSENT;
}

/** What became of the files that have the name. */
interface FilesWritten {
  /** Those that had to be written. */
  readonly written: readonly string[];
  /** Why `/etc/hostname` could not be written, if so. */
  readonly keepProblem?: string;
}

function writeFiles(
  name: string,
  { etcDir }: Pick<Host, "etcDir">,
  log: Log,
): FilesWritten {
  const [hostname, hosts] = [`${etcDir}/hostname`, `${etcDir}/hosts`];
  const written: string[] = [];
  let keepError: unknown;
  try {
    if (keepForNextBoot(hostname, name)) written.push(hostname);
  } catch (error) {
    keepError = error;
  }
  try {
    if (makeResolvable(hosts, name)) written.push(hosts);
  } catch (error) {
    const problem = `Cannot add the host name to "${hosts}": ${
      fileProblem(error)
    }; it may not resolve on this machine`;
    // A read-only /etc is said once.
    if (isReadOnlyError(error) && isReadOnlyError(keepError)) {
      log.debug(problem);
    } else log.warn(problem);
  }
  if (written.length > 0) syncFolder(etcDir);
  return keepError === undefined ? { written } : {
    written,
    keepProblem: `cannot write "${hostname}": ${fileProblem(keepError)}`,
  };
}

/** Returns whether the file had to be written. */
function keepForNextBoot(path: string, name: string): boolean {
  const bytes = readIfThere(path);
  if (bytes !== undefined && latin1.decode(bytes).trim() === name) return false;
  writeAtomically(path, `${name}\n`, { mode: 0o644, syncName: false });
  return true;
}

/** Returns whether the file had to be written. */
function makeResolvable(path: string, name: string): boolean {
  const bytes = readIfThere(path);
  const before = bytes === undefined ? NEW_HOSTS : latin1.decode(bytes);
  const after = withHostName(before, name);
  if (bytes !== undefined && after === before) return false;
  writeAtomically(path, latin1.encode(after), {
    mode: 0o644,
    keepOwnerAndMode: true,
    syncName: false,
  });
  return true;
}

/** A dangling link counts as no file, and will be replaced. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readBounded(path, MAX_FILE_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One character per byte, so that comments in any encoding stay as they are. */
const latin1 = {
  decode(bytes: Uint8Array): string {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  },
  encode(text: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  },
};
