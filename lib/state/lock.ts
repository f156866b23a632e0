import { fileProblem } from "../files/write_atomically.ts";
import type { Log } from "../log/create_log.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";

/** Options of {@linkcode takeTurn}. */
export interface TakeTurnOptions {
  /** Where it is written that there can be no lock. */
  readonly log: Log;
  /** Gives the turn back. */
  readonly signal: AbortSignal;
}

/** Whoever can open the lock can hold it, so only root can. */
const LOCK_MODE = 0o600;

/**
 * Takes the state directory for this run alone, until the signal is aborted or the
 * program ends, however it ends.
 *
 * The lock is the kernel's (flock), so a crash leaves none behind. Where there can be
 * none, on a read-only disk for instance, the run goes on without: two runs at once
 * are less likely than a VM that would never report.
 *
 * @param stateDir The state directory; it is made if it is not there.
 * @param options Where to write, and how long to keep the turn.
 * @throws {ProvisioningError} If another run has it.
 * @throws The signal's reason, if it is aborted already.
 */
export function takeTurn(
  stateDir: string,
  { log, signal }: TakeTurnOptions,
): void {
  signal.throwIfAborted();
  const path = `${stateDir}/lock`;
  let file: Deno.FsFile;
  let isFree: boolean;
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    file = openLock(path);
    const wasOpenToOthers = closeToOthers(file, path, log);
    isFree = tryLock(file, path, log);
    if (!isFree && wasOpenToOthers) {
      file.close();
      Deno.removeSync(path);
      file = openLock(path);
      isFree = tryLock(file, path, log);
    }
  } catch (error) {
    log.warn(
      `Cannot open the lock "${path}": ${
        fileProblem(error)
      }; provisioning without it, and likely without a mark, so that the next boot would provision again`,
    );
    return;
  }
  if (isFree) {
    signal.addEventListener("abort", () => file.close(), { once: true });
    return;
  }
  file.close();
  throw new ProvisioningError(
    `Another run is under way, it holds the lock "${path}"; this one leaves the work to it`,
    { key: "another_run", exitCode: ExitCode.gaveUp },
  );
}

function openLock(path: string): Deno.FsFile {
  // Opening a pipe for writing alone waits for its reader.
  return Deno.openSync(path, {
    read: true,
    write: true,
    create: true,
    mode: LOCK_MODE,
  });
}

/**
 * Closes a lock to everybody but root: one from an image, made by an earlier version,
 * may be readable, and any user who holds it would keep the VM from reporting.
 *
 * @returns Whether somebody else may hold it.
 */
function closeToOthers(file: Deno.FsFile, path: string, log: Log): boolean {
  const { isFile, mode } = file.statSync();
  if (!isFile || ((mode ?? 0) & ~LOCK_MODE & 0o777) === 0) return false;
  try {
    Deno.chmodSync(path, LOCK_MODE);
    return true;
  } catch (error) {
    log.debug(`Cannot close "${path}" to others: ${fileProblem(error)}`);
    return false;
  }
}

function tryLock(file: Deno.FsFile, path: string, log: Log): boolean {
  try {
    return file.tryLockSync(true);
  } catch (error) {
    log.debug(`Cannot lock "${path}": ${fileProblem(error)}`);
    return true;
  }
}
