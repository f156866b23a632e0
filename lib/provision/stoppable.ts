/** Two signals: that the run has ended, and that or the caller's own. */
export interface Stoppable extends Disposable {
  /** Aborted when the run has ended. */
  readonly ended: AbortSignal;
  /** Aborted then, or when the caller says so. */
  readonly signal: AbortSignal;
}

/**
 * Sees to it that nothing that a run started outlives it.
 *
 * @param signal The caller's.
 * @returns The signals; disposing of them ends the run.
 */
export function stoppable(signal?: AbortSignal): Stoppable {
  const controller = new AbortController();
  const ended = controller.signal;
  return {
    ended,
    signal: signal === undefined ? ended : AbortSignal.any([signal, ended]),
    [Symbol.dispose]: () => controller.abort(),
  };
}
