import type { Log } from "../log/log.ts";

/** Options of {@linkcode takeTurn}. */
export interface TakeTurnOptions {
  /** Where it is written that another run goes first. */
  readonly log: Log;
  /** Ends the wait, and later gives the turn back. */
  readonly signal: AbortSignal;
}

const SOON_MS = 100;

/**
 * Waits until no other run uses the state directory, and keeps others waiting until
 * the signal is aborted or the program ends, however it ends.
 *
 * The lock is the kernel's (flock), so a crash leaves none behind. Where there can be
 * none, on a read-only disk for instance, the run goes on without: two runs at once
 * are less likely than a VM that would never report.
 *
 * @param stateDir The state directory; it is made if it is not there.
 * @param options Where to write, and how long to keep the turn.
 * @throws The signal's reason, if it is aborted first.
 */
export async function takeTurn(
  stateDir: string,
  { log, signal }: TakeTurnOptions,
): Promise<void> {
  signal.throwIfAborted();
  const file = await openLock(stateDir, log);
  if (file === undefined) return;
  let waiting: number | undefined = setTimeout(() => {
    log.info("Another run is under way, waiting for it to end");
    waiting = undefined;
  }, SOON_MS);
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    file.close();
    aborted.reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  aborted.promise.catch(() => {});
  try {
    await Promise.race([file.lock(true), aborted.promise]);
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`Cannot lock "${stateDir}": ${error}`);
  } finally {
    clearTimeout(waiting);
  }
}

async function openLock(
  stateDir: string,
  log: Log,
): Promise<Deno.FsFile | undefined> {
  try {
    await Deno.mkdir(stateDir, { recursive: true, mode: 0o755 });
    return await Deno.open(`${stateDir}/lock`, { write: true, create: true });
  } catch (error) {
    log.debug(`Cannot open a lock in "${stateDir}": ${error}`);
    return undefined;
  }
}
