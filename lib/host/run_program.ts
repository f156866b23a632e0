import { messageOf } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";
import { timeLimit } from "../time_limit.ts";

/** How a program ended. */
export type RunResult =
  /** It is not installed. */
  | { readonly kind: "absent" }
  /** It exited with 0. */
  | { readonly kind: "ok" }
  /** It failed, and what it said. */
  | { readonly kind: "failed"; readonly reason: string };

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Its arguments; no shell sees them. */
  readonly args: readonly string[];
  /** What it reads from its input; nothing by default. */
  readonly input?: string | undefined;
  /**
   * Where it may be.
   *
   * @default {PROGRAM_FOLDERS}
   */
  readonly folders?: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a program may be; fixed, so that nobody's `PATH` chooses what root runs. */
export const PROGRAM_FOLDERS: readonly string[] = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/** How much of what a program says is kept, in characters. */
const MAX_WORDS_LENGTH = 300;

/** How long after its time is up a program's end may take to be noticed, in milliseconds. */
const LATE_MS = 20;

/** How long after a program's end its last words may take, in milliseconds. */
const LAST_WORDS_MS = 500;

/**
 * Runs a program of the system, with an empty environment.
 *
 * Needs `--allow-run` and `--allow-read` for its path.
 *
 * @param name The program's name.
 * @param options Its arguments and bounds.
 * @returns How it ended.
 */
export async function runProgram(
  name: string,
  options: RunProgramOptions,
): Promise<RunResult> {
  for (const folder of options.folders ?? PROGRAM_FOLDERS) {
    const result = await runPath(`${folder}/${name}`, options);
    if (result.kind !== "absent") return result;
  }
  return { kind: "absent" };
}

async function runPath(
  path: string,
  options: RunProgramOptions,
): Promise<RunResult> {
  if (!isInstalled(path)) return { kind: "absent" };
  using limit = timeLimit(options.timeoutMs, options.signal);
  try {
    const child = new Deno.Command(path, {
      args: [...options.args],
      clearEnv: true,
      env: { LC_ALL: "C" },
      stdin: options.input === undefined ? "null" : "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const words = readStart(child.stderr);
    if (options.input !== undefined) feed(child.stdin, options.input);
    const status = await endOf(child, limit.signal);
    const reason = await words.end();
    if (status === undefined) {
      return failed(path, `no end after ${options.timeoutMs / 1000} s`);
    }
    if (status.success) return { kind: "ok" };
    const how = status.signal
      ? `ended by ${status.signal}`
      : `exit status ${status.code}`;
    return failed(path, reason || how);
  } catch (error) {
    return failed(path, startProblem(error));
  }
}

/** A program may end without having read it all. */
function feed(stream: WritableStream<Uint8Array>, input: string): void {
  const writer = stream.getWriter();
  writer.write(new TextEncoder().encode(input)).catch(() => {});
  writer.close().catch(() => {});
}

/**
 * A link that leads nowhere is no program. To look is cheap; to start what is not there
 * takes as long as to start what is.
 */
function isInstalled(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

function startProblem(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return "the program was compiled without the permission to run it";
  }
  return error instanceof Deno.errors.NotFound
    ? "it is there, but not what it needs to start: /dev/null, its interpreter or its loader"
    : messageOf(error);
}

/** What it started may live on; it is not waited for. */
async function endOf(
  child: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Deno.CommandStatus | undefined> {
  const aborted = Promise.withResolvers<undefined>();
  let late: number | undefined;
  const abort = () => {
    // A program may have ended in time on a machine that was suspended until now.
    late = setTimeout(() => aborted.resolve(undefined), LATE_MS);
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const status = await Promise.race([child.status, aborted.promise]);
  signal.removeEventListener("abort", abort);
  clearTimeout(late);
  if (status === undefined) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended.
    }
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, LAST_WORDS_MS);
    // A program that waits for a disk may not die at once.
    await Promise.race([child.status, timer.promise]);
    clearTimeout(timeout);
  }
  return status;
}

/**
 * Keeps the first words of a stream, which name the reason, and drops the rest, as
 * closing the stream would end the program. What the program started may hold it
 * open, so its end is not waited for.
 */
function readStart(
  stream: ReadableStream<Uint8Array>,
): { end(): Promise<string> } {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let words = "";
  const finished = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (words.length < MAX_WORDS_LENGTH) {
        words += decoder.decode(value, { stream: true });
      }
    }
  })().catch(() => {});
  return {
    async end() {
      const timer = setTimeout(
        () => reader.cancel().catch(() => {}),
        LAST_WORDS_MS,
      );
      await finished;
      clearTimeout(timer);
      return shorten(words.trim(), MAX_WORDS_LENGTH);
    },
  };
}

function failed(path: string, reason: string): RunResult {
  return { kind: "failed", reason: `${path}: ${reason}` };
}

/**
 * Revokes the permission to run programs until this process ends, so that no flaw in the
 * handling of the platform's answers can run them.
 *
 * It only affects permissions that name programs, as those of the compiled program do; a
 * permission to run everything remains.
 *
 * @param names The programs' names.
 */
export function revokeRunPermissions(names: readonly string[]): void {
  for (const name of names) {
    for (const folder of PROGRAM_FOLDERS) {
      Deno.permissions.revokeSync({
        name: "run",
        command: `${folder}/${name}`,
      });
    }
  }
}
