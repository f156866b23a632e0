import type { Clock } from "../../lib/clock.ts";

/** How long a real request may take before the clock goes on, in milliseconds. */
const SETTLE_MS = 4;

/** A clock whose waits pass at once, in the order of their ends. */
export interface VirtualClock extends Clock, Disposable {}

/**
 * Creates a clock for work that waits in several places at the same time.
 *
 * @param random The random number it gives.
 * @returns The clock; disposing of it stops it.
 */
export function virtualClock(random = 0.5): VirtualClock {
  let time = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  let lastTick = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - lastTick;
    lastTick += elapsed;
    // The machine is busy: a request may need longer than usual.
    if (elapsed > 2 * SETTLE_MS) return;
    sleepers.sort((one, other) => one.at - other.at);
    const next = sleepers.shift();
    if (next === undefined) return;
    time = next.at;
    next.wake();
  }, SETTLE_MS);
  return {
    now: () => time,
    random: () => random,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleepers.push({ at: time + ms, wake: resolve });
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
