/** Bytes to send, or a wait in milliseconds. */
export type Step = Uint8Array<ArrayBuffer> | number;

/** How an answer goes out, step by step, perhaps without end. */
export type Steps = Iterable<Step> | AsyncIterable<Step>;

/** The answer to send, or to spoil. */
export interface Outgoing {
  /** Empty if there is none. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The head, with these lines in place of the Content-Length. */
  head(lines?: readonly string[]): Uint8Array<ArrayBuffer>;
}

/** Where bytes go. */
export interface Sink {
  /** Writes some of the bytes, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
}

const SLOW_PIECES = 20;
const SLOW_PAUSE_MS = 100;

/** Sends the answer unchanged. */
export function* whole({ head, body }: Outgoing): Iterable<Step> {
  yield join(head(), body);
}

/** Sends half the body, under its full length. */
export function* half({ head, body }: Outgoing): Iterable<Step> {
  yield join(head(), body.subarray(0, Math.floor(body.length / 2)));
}

/** Sends the body in pieces, with pauses in between. */
export function* slowly({ head, body }: Outgoing): Iterable<Step> {
  yield head();
  const size = Math.ceil(body.length / SLOW_PIECES);
  for (let at = 0; at < body.length; at += size) {
    yield SLOW_PAUSE_MS;
    yield body.subarray(at, at + size);
  }
}

/**
 * Takes the steps until they end or the signal is aborted. It then does not wait for a write
 * that the other side does not accept: that ends with the connection.
 */
export async function play(
  steps: Steps,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  for await (const step of steps) {
    if (signal.aborted) return;
    if (typeof step === "number") await delay(step, signal);
    else await writeAll(sink, step, signal);
  }
}

/** Concatenates bytes. */
export function join(...all: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(
    all.reduce((length, bytes) => length + bytes.length, 0),
  );
  let at = 0;
  for (const bytes of all) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}

async function writeAll(
  sink: Sink,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < bytes.length && !signal.aborted;) {
    at += await unlessAborted(sink.write(bytes.subarray(at)), signal);
  }
}

/** Closing a connection ends a waiting read, but not a write. */
function unlessAborted(
  written: Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(0);
    signal.addEventListener("abort", stop);
    written.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", stop)
    );
  });
}

/** Waits, at most until the signal is aborted. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
