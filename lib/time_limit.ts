/** A signal that is aborted in time; disposing of it lets go of all that it holds. */
export interface TimeLimit extends Disposable {
  /** Aborted when the time is up, with a `TimeoutError`, or with the other signal. */
  readonly signal: AbortSignal;
}

/**
 * Limits the time of one piece of work.
 *
 * `AbortSignal.timeout` and `AbortSignal.any` would do the same, but hold memory until
 * their time is up, so that it would grow with each of many short tries.
 *
 * @param ms How long it may take, in milliseconds.
 * @param signal Ends it earlier.
 * @returns The limit, to be disposed of when the work is done.
 */
export function timeLimit(ms: number, signal?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException("Time is up", "TimeoutError")),
    ms,
  );
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}

/** Two signals: that the run has ended, and that its work is to end. */
export interface Stoppable extends Disposable {
  /** Aborted when the run has ended. */
  readonly ended: AbortSignal;
  /** Aborted then, when the caller says so, or when the run itself leaves its work. */
  readonly signal: AbortSignal;
  /**
   * Leaves the work; the run has not ended, and says why.
   *
   * @param reason Why.
   */
  leave(reason: Error): void;
}

/**
 * Sees to it that nothing that a run started outlives it.
 *
 * @param signal The caller's.
 * @returns The signals; disposing of them ends the run.
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
