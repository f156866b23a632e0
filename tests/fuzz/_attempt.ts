import { cpuUsage } from "node:process";

/** What a call gave, or the error that it is allowed to end with. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/** A class of errors. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** No input may keep the program busy for longer, in milliseconds, if it is not large. */
const MAX_CALL_MS = 50;

/** What is not large, in characters; a larger input may take its share more. */
const USUAL_LENGTH = 64 * 1024;

/** How often a call that was slow is measured again: it may have been the machine. */
const MORE_MEASUREMENTS = 3;

/**
 * Makes a call that may fail in known ways, and that must be quick.
 *
 * @typeParam T What the call gives.
 * @param call The call; it is made again if it was slow, so it must have no effect.
 * @param expected The errors that it may throw.
 * @returns What it gave.
 * @throws {Error} Whatever else it throws, or if it is slow each time.
 */
export function attempt<T>(
  call: () => T,
  ...expected: readonly ErrorClass[]
): Outcome<T> {
  return attemptWith(0, call, ...expected);
}

/**
 * Makes a call whose time may grow with its input, as {@linkcode attempt} does.
 *
 * @typeParam T What the call gives.
 * @param length The length of the input, in characters.
 * @param expected The errors that it may throw.
 * @returns What it gave.
 * @throws {Error} Whatever else it throws, or if it is slow each time.
 */
export function attemptWith<T>(
  length: number,
  call: () => T,
  ...expected: readonly ErrorClass[]
): Outcome<T> {
  const maxMs = MAX_CALL_MS * Math.max(1, length / USUAL_LENGTH);
  const start = performance.now();
  const outcome = outcomeOf(call, expected);
  let leastMs = performance.now() - start;
  for (let i = 0; i < MORE_MEASUREMENTS && leastMs > maxMs; i++) {
    leastMs = Math.min(leastMs, timeOf(() => outcomeOf(call, expected)));
  }
  if (leastMs > maxMs) {
    throw new Error(`A call takes ${leastMs.toFixed(1)} ms: ${call}`);
  }
  return outcome;
}

/**
 * How long a call takes, in milliseconds: by the clock or by the processor, which
 * on a busy machine has less to do with others' work.
 */
function timeOf(call: () => unknown): number {
  const start = performance.now();
  const cpuStart = cpuUsage();
  call();
  const { user, system } = cpuUsage(cpuStart);
  return Math.min(performance.now() - start, (user + system) / 1000);
}

function outcomeOf<T>(
  call: () => T,
  expected: readonly ErrorClass[],
): Outcome<T> {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    for (const type of expected) {
      if (error instanceof type) return { ok: false, error };
    }
    throw error;
  }
}
