/** A signal that tells the program to stop. */
export interface StopSignal {
  /** Its name. */
  readonly name: Deno.Signal;
  /** The exit status that shells report for a program that it ended. */
  readonly exitCode: number;
}

/** The result of {@linkcode catchStopSignals}. */
export interface StopSignals extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The first signal, if there was one. */
  readonly caught: StopSignal | undefined;
}

const STOP_SIGNALS: readonly StopSignal[] = [
  { name: "SIGHUP", exitCode: 129 },
  { name: "SIGINT", exitCode: 130 },
  { name: "SIGTERM", exitCode: 143 },
];

/**
 * Turns SIGHUP, SIGINT and SIGTERM into an `AbortSignal`. A second signal ends the program
 * at once.
 *
 * @returns The signal; once it is disposed of, signals end the program again.
 */
export function catchStopSignals(): StopSignals {
  const controller = new AbortController();
  let caught: StopSignal | undefined;
  const listeners = STOP_SIGNALS.map((stop) => {
    const listener = () => {
      if (caught !== undefined) Deno.exit(stop.exitCode);
      caught = stop;
      controller.abort(new DOMException(`Got ${stop.name}`, "AbortError"));
    };
    Deno.addSignalListener(stop.name, listener);
    return { name: stop.name, listener };
  });
  return {
    signal: controller.signal,
    get caught() {
      return caught;
    },
    [Symbol.dispose]() {
      for (const { name, listener } of listeners) {
        Deno.removeSignalListener(name, listener);
      }
    },
  };
}
