import { after } from "./after.ts";

/**
 * Time and randomness. Tests pass their own.
 *
 * Times are milliseconds of a monotonic clock, which does not change when NTP sets the
 * machine's clock at first boot.
 */
export interface Clock {
  /** Milliseconds since a fixed moment. */
  now(): number;
  /** Waits. If the signal is aborted, it rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A random number, at least 0 and less than 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = after(ms, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      function stop(): void {
        cancel();
        reject(signal?.reason);
      }
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};
