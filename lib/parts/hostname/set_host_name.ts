import { readBounded } from "../../files/read_bounded.ts";
import { fileProblem, writeAtomically } from "../../files/write_atomically.ts";
import type { Host } from "../../host/host.ts";
import type { Log } from "../../log/create_log.ts";
import { withHostName } from "./hosts_file.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** Options of {@linkcode setHostName}. */
export interface SetHostNameOptions {
  /** Where what happens is written. */
  readonly log: Log;
  /** Ends the programs that are run early. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How much time is left, in milliseconds: a program that sets the name gets half of
   * it, as a second one may have to be tried, but never more than ten seconds nor less
   * than half a second.
   *
   * @default {Infinity}
   */
  readonly remainingMs?: number;
}

/** What a program gets that sets the name, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 10_000;

/** The least that it gets, however late it is, in milliseconds. */
const LEAST_PROGRAM_TIMEOUT_MS = 500;

/** The largest file of /etc that is read and written again, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** What a machine without an /etc/hosts gets. */
const NEW_HOSTS = "127.0.0.1\tlocalhost\n";

/** The programs that can set the name, the best one first. */
const PROGRAMS: readonly {
  readonly name: string;
  readonly args: (hostName: string) => readonly string[];
}[] = [
  // It tells systemd-hostnamed, and so whoever listens to that.
  {
    name: "hostnamectl",
    args: (hostName) => ["--no-ask-password", "set-hostname", hostName],
  },
  { name: "hostname", args: (hostName) => [hostName] },
];

/**
 * Sets the host name: for now, in `/etc/hostname`, and in `/etc/hosts` if nothing
 * there resolves it.
 *
 * Where neither `hostnamectl` nor `hostname` is installed, the name takes effect at
 * the next boot.
 *
 * @param name A name that `toHostName` made.
 * @param host The machine.
 * @param options Where what happens is written.
 * @throws {ProvisioningError} If the name could not be set for now, although there
 * is a program for it, or not be kept for the next boot. What could be done is done.
 */
export async function setHostName(
  name: string,
  host: Host,
  options: SetHostNameOptions,
): Promise<void> {
  const { log, signal } = options;
  const nowProblem = await setForNow(name, host, options);
  signal?.throwIfAborted();
  const keepProblem = keep(name, host);
  resolve(name, host, log);
  if (nowProblem === undefined && keepProblem === undefined) return;
  throw new ProvisioningError(failureOf(name, nowProblem, keepProblem), {
    key: "host_name_not_set",
    exitCode: nowProblem === undefined
      ? ExitCode.cannotCreate
      : ExitCode.notPermitted,
  });
}

/** Says what holds now, as half of it may have worked. */
function failureOf(
  name: string,
  nowProblem: string | undefined,
  keepProblem: string | undefined,
): string {
  if (nowProblem === undefined) {
    return `The host name "${name}" holds until the next boot only: ${keepProblem}; see that /etc can be written`;
  }
  if (keepProblem === undefined) {
    return `The host name "${name}" takes effect at the next boot only: ${nowProblem}; see that the program works when root runs it`;
  }
  return `Cannot set the host name "${name}": ${nowProblem}; ${keepProblem}; run as root, on a machine whose /etc can be written`;
}

async function setForNow(
  name: string,
  host: Host,
  { log, signal, remainingMs = Infinity }: SetHostNameOptions,
): Promise<string | undefined> {
  const problems: string[] = [];
  for (const program of PROGRAMS) {
    signal?.throwIfAborted();
    const result = await host.run(program.name, {
      args: program.args(name),
      timeoutMs: Math.min(
        PROGRAM_TIMEOUT_MS,
        Math.max(LEAST_PROGRAM_TIMEOUT_MS, Math.ceil(remainingMs / 2)),
      ),
      signal,
    });
    if (result.kind === "absent") continue;
    if (result.kind === "failed") {
      problems.push(result.reason);
      log.debug(`Cannot set the host name with ${result.reason}`);
      continue;
    }
    const current = host.currentName();
    if (current === name) {
      log.info(`Host name set to "${name}" by ${program.name}`);
      return undefined;
    }
    problems.push(`${program.name} left the host name at "${current}"`);
  }
  if (problems.length > 0) return problems.join("; ");
  log.warn(
    `Neither hostnamectl nor hostname is installed: the host name "${name}" takes effect at the next boot`,
  );
  return undefined;
}

function keep(name: string, host: Host): string | undefined {
  const path = `${host.etcDir}/hostname`;
  try {
    const bytes = readIfThere(path);
    if (bytes === undefined || latin1.decode(bytes).trim() !== name) {
      writeAtomically(path, `${name}\n`, { mode: 0o644 });
    }
    return undefined;
  } catch (error) {
    return `cannot write "${path}": ${fileProblem(error)}`;
  }
}

function resolve(name: string, host: Host, log: Log): void {
  const path = `${host.etcDir}/hosts`;
  try {
    const bytes = readIfThere(path);
    const before = bytes === undefined ? NEW_HOSTS : latin1.decode(bytes);
    const after = withHostName(before, name);
    if (bytes !== undefined && after === before) return;
    writeAtomically(path, latin1.encode(after), {
      mode: 0o644,
      keepOwnerAndMode: true,
    });
  } catch (error) {
    log.warn(
      `Cannot add the host name to "${path}": ${
        fileProblem(error)
      }; it may not resolve on this machine`,
    );
  }
}

/** A link that leads nowhere counts as no file: it will be replaced. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readBounded(path, MAX_FILE_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A character a byte, so that comments in any encoding come out as they went in. */
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
