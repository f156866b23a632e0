import { cpuUsage } from "node:process";

/** What a call gave, or the error that it is allowed to end with. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/** A class of errors. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** A call that is over by then is quick on any machine, in milliseconds. */
const QUICK_MS = 50;

/**
 * No input may keep the program busy for longer, in times of {@linkcode knownWork}, if it
 * is not large: the slowest that was seen took about 20, and a search that looks at every
 * pair of 64 thousand characters takes over 130. Milliseconds would tell machines apart.
 */
const MAX_WORKS = 40;

/** What is not large, in characters; a larger input may take its share more. */
const USUAL_LENGTH = 64 * 1024;

/** How often a call that was slow is measured, beside known work: it may have been the machine. */
const MEASUREMENTS = 3;

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
  const share = Math.max(1, length / USUAL_LENGTH);
  const start = performance.now();
  const outcome = outcomeOf(call, expected);
  if (performance.now() - start <= QUICK_MS * share) return outcome;
  const works = Math.min(
    ...Array.from({ length: MEASUREMENTS }, () => {
      const ms = timeOf(() => outcomeOf(call, expected));
      // Its first runs are slow everywhere: V8 compiles it meanwhile.
      return ms / Math.min(...[1, 2, 3, 4].map(() => timeOf(knownWork)));
    }),
  );
  if (works > MAX_WORKS * share) {
    throw new Error(
      `A call takes ${works.toFixed(1)} times as long as known work: ${call}`,
    );
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

/** Does what a parser does: makes a string, looks at each of its characters, and splits it. */
function knownWork(): number {
  const text = Array.from({ length: 20_000 }, (_, i) => "<ab/>"[i % 5]).join(
    "",
  );
  let sum = 0;
  for (let i = 0; i < 20 * text.length; i++) {
    sum = (sum * 31 + text.charCodeAt(i % text.length)) | 0;
  }
  return sum + text.split("<").length;
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
