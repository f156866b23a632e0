import { fileProblem, isReadOnlyError } from "../../../files/file_problem.ts";
import {
  type ReadRegularFile,
  regularFileReader,
} from "../../../files/regular_file.ts";
import type { Account } from "../account/accounts.ts";
import { withKeys } from "./authorized_keys.ts";
import { checkHome, keysUnsafe } from "../home/check_home.ts";
import { lstatIfThere, trustProblem } from "../home/look_at.ts";
import { type HomeLock, lockHome, unlockLeftHome } from "../home/home_lock.ts";
import type { LoginMachine } from "../login_machine.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";

/** The result of {@linkcode writeAuthorizedKeys}. */
export interface KeysWritten {
  /** Whether the file had to be written. */
  readonly changed: boolean;
  /** `.ssh`, and the file in it. */
  readonly paths: readonly [folder: string, file: string];
}

/** The part of a machine that {@linkcode writeAuthorizedKeys} needs. */
export type KeysMachine = Pick<
  LoginMachine,
  "homesDirs" | "stateDir" | "log" | "signal"
>;

/** The largest file that is read and replaced, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Errors of the disk, which the user cannot cause from the home. */
const DISK_ERROR_CODES: readonly unknown[] = ["ENOSPC", "EROFS", "EIO"];

/**
 * Adds keys to a user's `.ssh/authorized_keys`, as root, in a folder of the user's.
 *
 * The home and `.ssh` are locked meanwhile, so root acts on exactly what it checked: see
 * {@linkcode lockHome}. It follows no symbolic link, and changes nothing that somebody
 * else may have put there: see {@linkcode checkHome} and {@linkcode trustProblem}. The
 * work is synchronous, so no signal interrupts it. After a crash, either the old file or
 * the new one is there.
 *
 * @param lines Keys as `cleanSshKey` returns them.
 * @param label Labels the folder and the file, if the file was written, before the home
 * is unlocked. The home is unlocked early if the machine's signal is aborted.
 * @throws {ProvisioningError} If something cannot be trusted or written. The key is
 * `KEYS_UNSAFE` if the user can have caused it.
 */
export async function writeAuthorizedKeys(
  account: Account,
  lines: readonly string[],
  machine: KeysMachine,
  label?: (paths: KeysWritten["paths"]) => Promise<void>,
): Promise<KeysWritten> {
  const read = await regularFileReader();
  unlockLeftHome(machine);
  const home = checkHome(account, machine);
  const folder = `${home}/.ssh`;
  const paths = [folder, `${folder}/authorized_keys`] as const;
  machine.signal?.throwIfAborted();
  using lock = lockOrFail(home, account, machine);
  if (lock === undefined) {
    if (arePresent(paths, lines, { account, read })) {
      return { changed: false, paths };
    }
    throw notWritten(paths[1], new Error("the file system is read-only"));
  }
  const unlock = () => lock[Symbol.dispose]();
  machine.signal?.addEventListener("abort", unlock);
  try {
    const changed = addKeys(paths, lines, { account, lock, read });
    if (changed) await label?.(paths);
    return { changed, paths };
  } finally {
    machine.signal?.removeEventListener("abort", unlock);
  }
}

/** Returns `undefined` if the home is on a file system that is read-only. */
function lockOrFail(
  home: string,
  account: Account,
  machine: KeysMachine,
): HomeLock | undefined {
  try {
    return lockHome(home, account, machine);
  } catch (error) {
    if (error instanceof ProvisioningError) throw error;
    if (isReadOnlyError(error)) return undefined;
    throw notWritten(`${home}/.ssh/authorized_keys`, error);
  }
}

/** Options of {@linkcode addKeys}. */
interface AddKeysOptions {
  readonly account: Pick<Account, "uid" | "gid">;
  readonly lock: HomeLock;
  readonly read: ReadRegularFile;
}

/**
 * Whether a home on a read-only file system has all keys. Nobody can change anything there,
 * so the home need not be locked.
 */
function arePresent(
  [folder, file]: KeysWritten["paths"],
  lines: readonly string[],
  { account, read }: Omit<AddKeysOptions, "lock">,
): boolean {
  try {
    const folderInfo = lstatIfThere(folder);
    const fileInfo = lstatIfThere(file);
    if (folderInfo === undefined || fileInfo === undefined) return false;
    checkFolder(folder, folderInfo, { uid: account.uid, dev: folderInfo.dev });
    checkFile(file, fileInfo, account);
    const existing = read(file, MAX_FILE_BYTES);
    return withKeys(existing, lines) === existing && canRead(fileInfo, account);
  } catch {
    return false;
  }
}

/** Returns whether the file had to be written. */
function addKeys(
  [folder, file]: KeysWritten["paths"],
  lines: readonly string[],
  { account, lock, read }: AddKeysOptions,
): boolean {
  let made = false;
  try {
    const folderInfo = lstatIfThere(folder);
    checkFolder(folder, folderInfo, { uid: account.uid, dev: lock.dev });
    if (folderInfo !== undefined) lock.lockFolder();
    const fileInfo = lstatIfThere(file);
    checkFile(file, fileInfo, account);
    const existing = fileInfo === undefined
      ? new Uint8Array()
      : read(file, MAX_FILE_BYTES);
    const content = withKeys(existing, lines);
    if (content === existing && canRead(fileInfo, account)) return false;
    if (folderInfo === undefined) {
      lock.makeFolder();
      made = true;
    }
    placeFile(lock.temporary, file, content, account);
    return true;
  } catch (error) {
    if (made) removeQuietly(folder);
    if (error instanceof ProvisioningError) throw error;
    const { code } = error as { readonly code?: unknown };
    throw DISK_ERROR_CODES.includes(code) ||
        error instanceof Deno.errors.NotCapable
      ? notWritten(file, error)
      : keysUnsafe(file, fileProblem(error));
  }
}

function notWritten(file: string, error: unknown): ProvisioningError {
  return new ProvisioningError(
    `Cannot write "${file}": ${
      fileProblem(error)
    }; check that the disk is writable and not full`,
    {
      key: "authorized_keys_not_written",
      exitCode: ExitCode.cannotCreate,
      cause: error,
    },
  );
}

function checkFolder(
  path: string,
  info: Deno.FileInfo | undefined,
  { uid, dev }: Pick<Account, "uid"> & Pick<HomeLock, "dev">,
): void {
  if (info === undefined) return;
  const problem = trustProblem(info, uid) ??
    (info.isDirectory ? undefined : "it is not a folder") ??
    (info.dev === dev ? undefined : "it is a file system of its own") ??
    (info.uid === uid || ((info.mode ?? 0) & 0o005) === 0o005
      ? undefined
      : "it belongs to root, and its user may not read it");
  if (problem !== undefined) throw keysUnsafe(path, problem);
}

function checkFile(
  path: string,
  info: Deno.FileInfo | undefined,
  { uid }: Pick<Account, "uid">,
): void {
  if (info === undefined) return;
  const problem = trustProblem(info, uid) ??
    (info.isFile ? undefined : "it is not a file") ??
    // It may be a hard link to a secret file, and the user will own the copy.
    (info.uid === uid || canRead(info, { uid })
      ? undefined
      : "it belongs to root, and its user may not read it") ??
    (info.nlink === 1 ? undefined : "it has another hard link") ??
    (info.size <= MAX_FILE_BYTES
      ? undefined
      : `it is over ${MAX_FILE_BYTES} bytes`);
  if (problem !== undefined) throw keysUnsafe(path, problem);
}

/** Whether the user can read a file: sshd reads it as that user. */
function canRead(
  info: Deno.FileInfo | undefined,
  { uid }: Pick<Account, "uid">,
): boolean {
  const bits = info?.uid === uid ? 0o400 : 0o004;
  return ((info?.mode ?? 0) & bits) !== 0;
}

/** Writes a file. The folder is locked, so nobody else can change anything in it meanwhile. */
function placeFile(
  temporary: string,
  path: string,
  content: Uint8Array<ArrayBuffer>,
  { uid, gid }: Pick<Account, "uid" | "gid">,
): void {
  try {
    using file = Deno.openSync(temporary, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    for (let written = 0; written < content.length;) {
      written += file.writeSync(content.subarray(written));
    }
    // A umask or the folder's default ACL may have cleared bits.
    Deno.chmodSync(temporary, 0o600);
    Deno.chownSync(temporary, uid, gid);
    file.syncSync();
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The reason why it could not be written matters more.
  }
}
