import type { Clock } from "../../lib/clock.ts";

/** A clock that a test drives: sleeping passes at once, and is recorded. */
export interface TestClock extends Clock {
  /** The time now, in milliseconds; a test may move it. */
  time: number;
  /** Every wait so far, in milliseconds. */
  readonly waits: number[];
}

/**
 * Creates a clock that stands still but for its sleeps.
 *
 * @param random The random number it gives.
 * @returns The clock.
 */
export function testClock(random = 0.5): TestClock {
  return {
    time: 0,
    waits: [],
    now() {
      return this.time;
    },
    random: () => random,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      this.waits.push(ms);
      this.time += ms;
      return Promise.resolve();
    },
  };
}
