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
