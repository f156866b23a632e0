import { fileProblem } from "../files/file_problem.ts";
import type { Log } from "../log/create_log.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";

/** Options of {@linkcode acquireLock}. */
export interface AcquireLockOptions {
  /** Receives a warning if there can be no lock. */
  readonly log: Log;
  /** Releases the lock. */
  readonly signal: AbortSignal;
}

/** Anybody who can open the lock can hold it, so only root can open it. */
const LOCK_MODE = 0o600;

/**
 * Locks the state directory for this run, until the signal is aborted or the program
 * ends for whatever reason.
 *
 * The kernel holds the lock (flock), so a crash leaves none behind. If there can be no
 * lock, for example on a read-only disk, the run continues without one: two runs at
 * once are less likely than a VM that never reports.
 *
 * @param stateDir The state directory; created if it does not exist.
 * @param options The log, and when to release the lock.
 * @throws {ProvisioningError} If another run holds the lock.
 * @throws The signal's reason, if it is aborted already.
 */
export function acquireLock(
  stateDir: string,
  { log, signal }: AcquireLockOptions,
): void {
  signal.throwIfAborted();
  const path = lockPath(stateDir);
  let file: Deno.FsFile;
  let isAcquired: boolean;
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    file = openLock(path);
    const wasOpenToOthers = closeToOthers(file, path, log);
    isAcquired = tryLock(file, path, log);
    if (!isAcquired && wasOpenToOthers) {
      file.close();
      Deno.removeSync(path);
      file = openLock(path);
      isAcquired = tryLock(file, path, log);
    }
  } catch (error) {
    log.warn(
      `Cannot open the lock "${path}": ${
        fileProblem(error)
      }; provisioning without it, and likely without a mark, so that the next boot would provision again`,
    );
    return;
  }
  if (isAcquired) {
    signal.addEventListener("abort", () => file.close(), { once: true });
    return;
  }
  file.close();
  throw new ProvisioningError(
    `Another run is under way and holds the lock "${path}"; this run leaves the work to it`,
    { key: "another_run", exitCode: ExitCode.gaveUp },
  );
}

/** Whether a run holds the lock; `unknown` without the right to open it. */
export type LockState = "held" | "free" | "unknown";

/**
 * Checks whether a run holds the lock, without waiting for it.
 *
 * @param stateDir The state directory.
 * @returns The lock's state.
 */
export function lockState(stateDir: string): LockState {
  const path = lockPath(stateDir);
  try {
    // Opening a pipe would wait for its writer.
    if (!Deno.statSync(path).isFile) return "unknown";
    using lock = Deno.openSync(path);
    return lock.tryLockSync(false) ? "free" : "held";
  } catch {
    return "unknown";
  }
}

/**
 * Whether this user may write the lock. A disk that cannot be written is no reason for
 * `false`, as that is not the user's doing.
 *
 * @param stateDir The state directory; created if it does not exist.
 */
export function mayLock(stateDir: string): boolean {
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    openLock(lockPath(stateDir)).close();
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.PermissionDenied);
  }
}

function lockPath(stateDir: string): string {
  return `${stateDir}/lock`;
}

function openLock(path: string): Deno.FsFile {
  // Opening a pipe only for writing would wait for its reader.
  return Deno.openSync(path, {
    read: true,
    write: true,
    create: true,
    mode: LOCK_MODE,
  });
}

/**
 * Restricts the lock to root. One from an image, made by an earlier version, may be
 * readable, and any user who holds it would keep the VM from reporting.
 *
 * @returns Whether another user may hold it.
 */
function closeToOthers(file: Deno.FsFile, path: string, log: Log): boolean {
  const { isFile, mode } = file.statSync();
  if (!isFile || ((mode ?? 0) & ~LOCK_MODE & 0o777) === 0) return false;
  try {
    Deno.chmodSync(path, LOCK_MODE);
    return true;
  } catch (error) {
    log.debug(`Cannot restrict "${path}" to root: ${fileProblem(error)}`);
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
