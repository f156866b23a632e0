/**
 * Time and chance, as the retrying code needs them; a test passes its own.
 *
 * Times are milliseconds of a monotonic clock: setting the machine's clock, as
 * NTP does at first boot, changes nothing.
 */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /**
   * Waits.
   *
   * @param ms How long, in milliseconds.
   * @param signal Ends the wait early by rejecting with the signal's reason.
   */
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
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      function stop(): void {
        clearTimeout(timer);
        reject(signal?.reason);
      }
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};
