import { after } from "./after.ts";

/** A signal that is aborted after a time, unless it is disposed of first. */
export interface TimeLimit extends Disposable {
  /** Aborted with a `TimeoutError` when the time is up, or along with the other signal. */
  readonly signal: AbortSignal;
}

/**
 * Limits the time of some work. Dispose of the limit when the work is done.
 *
 * `AbortSignal.timeout` and `AbortSignal.any` hold memory until their time is up, so it
 * would grow with every short try.
 *
 * @param signal Aborts the work earlier.
 */
export function timeLimit(ms: number, signal?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const cancel = after(
    ms,
    () => controller.abort(new DOMException("Time is up", "TimeoutError")),
  );
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel();
      signal?.removeEventListener("abort", stop);
    },
  };
}

/** Two signals: one for the end of a run, one for the end of its work. */
export interface Stoppable extends Disposable {
  /** Aborted when the run has ended. */
  readonly ended: AbortSignal;
  /** Aborted when the run has ended, the caller aborts, or the run leaves its work. */
  readonly signal: AbortSignal;
  /** Ends the work but not the run, which can still report the reason. */
  leave(reason: Error): void;
}

/**
 * Makes sure that no work of a run outlives it. Disposing of the result ends the run.
 *
 * @param signal The caller's signal.
 */
export function stoppable(signal?: AbortSignal): Stoppable {
  const ended = new AbortController();
  const work = new AbortController();
  const stop = () => work.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    ended: ended.signal,
    signal: work.signal,
    leave: (reason) => work.abort(reason),
    [Symbol.dispose]() {
      signal?.removeEventListener("abort", stop);
      work.abort();
      ended.abort();
    },
  };
}
