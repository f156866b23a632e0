import { ENVIRONMENT } from "../helpers/command.ts";

/** How a run ended, and what it wrote. */
export interface RunEnd {
  /** Its exit status; 128 and the signal's number, if a signal ended it. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** A program that runs beside a test. */
export interface Running extends AsyncDisposable {
  /** Its id on this machine. */
  readonly pid: number;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves at its end. */
  readonly end: Promise<RunEnd>;
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Sends it a signal, unless it has ended. */
  kill(signal: Deno.Signal): void;
}

/**
 * Starts a program whose standard input is empty.
 *
 * @param command The program and its arguments.
 * @returns The program; disposing of it kills it.
 */
export function start(
  [program, ...args]: readonly [string, ...string[]],
): Running {
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
      collect(process.stderr, (text) => output.stderr += text),
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
  return {
    pid: process.pid,
    output,
    end,
    get ended() {
      return ended;
    },
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await end;
    },
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
