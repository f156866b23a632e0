import { after, type Cancel } from "../after.ts";
import { messageOf } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";
import { timeLimit } from "../time_limit.ts";
import { programFolders } from "./program_folders.ts";

/** How a program ended. */
export type RunResult =
  /** It is not installed. */
  | { readonly kind: "absent" }
  /** It exited with 0. */
  | {
    readonly kind: "ok";
    /** What it wrote to standard output, if that is kept. */
    readonly output?: string;
  }
  /** It did not start, did not exit with 0, or took too long. */
  | {
    readonly kind: "failed";
    /** The program's path, and what it wrote to standard error or how it ended. */
    readonly reason: string;
    /** What it wrote to standard output, if that is kept. */
    readonly output?: string;
  };

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Its arguments; no shell interprets them. */
  readonly args: readonly string[];
  /** Its standard input; empty by default. */
  readonly input?: string | undefined;
  /**
   * How much of its standard output is kept, in characters.
   *
   * @default {0}
   */
  readonly keepOutput?: number;
  /** Its time limit, in milliseconds; it is killed after that. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/** How much of a program's standard error is kept, in characters. */
const MAX_OUTPUT_LENGTH = 300;

/** How long to wait after the time limit for the news that the program has ended, in milliseconds. */
const LATE_MS = 20;

/** How long to wait after the program's end for the rest of its output, in milliseconds. */
const LAST_OUTPUT_MS = 500;

/**
 * Runs a program of the system, with nothing but `LC_ALL=C` in its environment.
 *
 * Needs `--allow-run` and `--allow-read` for its path.
 *
 * @param name The program's name, without a folder.
 */
export async function runProgram(
  name: string,
  options: RunProgramOptions,
): Promise<RunResult> {
  for (const folder of programFolders(name)) {
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
      stdout: options.keepOutput === undefined ? "null" : "piped",
      stderr: "piped",
    }).spawn();
    const messages = readStart(child.stderr, MAX_OUTPUT_LENGTH);
    const kept = options.keepOutput === undefined
      ? undefined
      : readStart(child.stdout, options.keepOutput);
    if (options.input !== undefined) feed(child.stdin, options.input);
    const status = await endOf(child, limit.signal);
    const reason = shorten((await messages.end()).trim(), MAX_OUTPUT_LENGTH);
    if (status === undefined) {
      return failed(path, `did not end within ${options.timeoutMs / 1000} s`);
    }
    const output = kept === undefined ? {} : { output: await kept.end() };
    if (status.success) return { kind: "ok", ...output };
    const how = status.signal
      ? `ended by ${status.signal}`
      : `exit status ${status.code}`;
    return { ...failed(path, reason || how), ...output };
  } catch (error) {
    return failed(path, startProblem(error));
  }
}

/** Ignores errors: a program may end without reading all of its input. */
function feed(stream: WritableStream<Uint8Array>, input: string): void {
  const writer = stream.getWriter();
  writer.write(new TextEncoder().encode(input)).catch(() => {});
  writer.close().catch(() => {});
}

/**
 * Whether to try to start a program. Looking is cheap; trying to start a program that
 * is missing takes as long as starting one. A dangling link counts as missing.
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
    ? "it exists, but something that it needs to start does not: /dev/null, its interpreter or its loader"
    : messageOf(error);
}

/**
 * Waits for the program itself, and kills it when its time is up; processes that it
 * started are not waited for.
 *
 * @returns `undefined` if it had to be killed.
 */
async function endOf(
  child: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Deno.CommandStatus | undefined> {
  const aborted = Promise.withResolvers<undefined>();
  let late: Cancel | undefined;
  const abort = () => {
    // On a machine that was suspended, the program may have ended in time.
    late = after(LATE_MS, () => aborted.resolve(undefined));
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const status = await Promise.race([child.status, aborted.promise]);
  signal.removeEventListener("abort", abort);
  late?.();
  if (status === undefined) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
    const timer = Promise.withResolvers<void>();
    const cancel = after(LAST_OUTPUT_MS, timer.resolve);
    // A program that waits for a disk may not die at once.
    await Promise.race([child.status, timer.promise]);
    cancel();
  }
  return status;
}

/**
 * Keeps the start of a stream, such as the reason for a failure, and reads on
 * without keeping the rest: closing the stream could end the program. Processes that
 * the program started may hold the stream open, so `end()` waits for a limited time.
 */
function readStart(
  stream: ReadableStream<Uint8Array>,
  maxLength: number,
): { end(): Promise<string> } {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const finished = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (text.length < maxLength) {
        text += decoder.decode(value, { stream: true });
      }
    }
  })().catch(() => {});
  return {
    async end() {
      const cancel = after(
        LAST_OUTPUT_MS,
        () => reader.cancel().catch(() => {}),
      );
      await finished;
      cancel();
      return text;
    },
  };
}

function failed(path: string, reason: string): RunResult {
  return { kind: "failed", reason: `${path}: ${reason}` };
}
