import { ENVIRONMENT } from "../helpers/command.ts";
import { sleep } from "./wait_until.ts";

/** A program that runs beside a test. */
export interface Background extends AsyncDisposable {
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Ends it with a signal, and after ten seconds without mercy. */
  stop(signal: Deno.Signal): Promise<void>;
}

/**
 * Starts a program beside a test.
 *
 * @param command The program and its arguments.
 * @returns The program; disposing of it kills it.
 */
export function startInBackground(
  [program, ...args]: readonly [string, ...string[]],
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
  const end = Promise.all([
    collect(process.stdout, (text) => output.stdout += text),
    collect(process.stderr, (text) => output.stderr += text),
    process.status.then(() => ended = true),
  ]);
  const stop = async (signal: Deno.Signal) => {
    if (!ended) process.kill(signal);
    const patience = new AbortController();
    await Promise.race([end, sleep(10_000, patience.signal)]);
    patience.abort();
    if (!ended) process.kill("SIGKILL");
    await end;
  };
  return {
    output,
    get ended() {
      return ended;
    },
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
