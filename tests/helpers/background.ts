import { ENVIRONMENT } from "./command.ts";

/** How a program ended, and what it wrote. */
export interface BackgroundEnd {
  /** Its exit status; 128 and the signal's number, if a signal ended it. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** A program that runs beside a test. */
export interface Background extends AsyncDisposable {
  /** Its id on this machine. */
  readonly pid: number;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves at its end. */
  readonly end: Promise<BackgroundEnd>;
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Sends it a signal, unless it has ended. */
  kill(signal: Deno.Signal): void;
  /** Ends it with a signal, and after ten seconds without mercy. */
  stop(signal: Deno.Signal): Promise<void>;
}

const PATIENCE_MS = 10_000;

/**
 * Starts a program beside a test; its standard input is empty.
 *
 * @param command The program and its arguments.
 * @param onStderr Gets what it writes to standard error, as it is read.
 * @returns The program; disposing of it kills it.
 */
export function startInBackground(
  [program, ...args]: readonly [string, ...string[]],
  onStderr: (text: string) => void = () => {},
): Background {
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...ENVIRONMENT },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = { stdout: "", stderr: "" };
  let ended = false;
  const end = (async () => {
    const [{ code }] = await Promise.all([
      process.status.finally(() => ended = true),
      collect(process.stdout, (text) => output.stdout += text),
      collect(process.stderr, (text) => {
        output.stderr += text;
        onStderr(text);
      }),
    ]);
    return { code, ...output };
  })();
  const kill = (signal: Deno.Signal) => {
    try {
      process.kill(signal);
    } catch {
      // It has ended.
    }
  };
  const stop = async (signal: Deno.Signal) => {
    kill(signal);
    const timer = setTimeout(() => kill("SIGKILL"), PATIENCE_MS);
    try {
      await end;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    pid: process.pid,
    output,
    end,
    get ended() {
      return ended;
    },
    kill,
    stop,
    [Symbol.asyncDispose]: () => stop("SIGKILL"),
  };
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  add: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    add(text);
  }
}
