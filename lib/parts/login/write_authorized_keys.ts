import {
  type ReadRegularFile,
  regularFileReader,
} from "../../files/regular_file.ts";
import { fileProblem } from "../../files/write_atomically.ts";
import type { Account } from "./accounts.ts";
import { withKeys } from "./authorized_keys.ts";
import { checkHome, keysUnsafe, lstatIfThere, trustProblem } from "./home.ts";
import { type HomeLock, lockHome, unlockLeftHome } from "./home_lock.ts";
import type { LoginMachine } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** What {@linkcode writeAuthorizedKeys} did. */
export interface KeysWritten {
  /** Whether the file had to be written. */
  readonly changed: boolean;
  /** The folder and the file. */
  readonly paths: readonly [folder: string, file: string];
}

/** What {@linkcode writeAuthorizedKeys} needs of the machine. */
export type KeysMachine = Pick<
  LoginMachine,
  "homesDir" | "stateDir" | "log" | "signal"
>;

/** The largest file that is read and written again, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** What fails a write whatever its user does in the home. */
const CODES_OF_THE_DISK: readonly unknown[] = ["ENOSPC", "EROFS", "EIO"];

/**
 * Adds keys to a user's `.ssh/authorized_keys`, as root, in a folder that is the
 * user's.
 *
 * Home and `.ssh` are locked while root works in them, so what it checks is what it
 * acts on: see {@linkcode lockHome}. It follows no symbolic link, and changes nothing
 * whose lines or place somebody else may have chosen: see `checkHome` and
 * `trustProblem`. The work is synchronous, so no signal stops it halfway; after a crash,
 * either the old file or the new one is there.
 *
 * @param account Whose keys.
 * @param lines Keys as `cleanSshKey` makes them.
 * @param machine The machine.
 * @param label Labels the folder and the file, if they are new, before the home is
 * unlocked. It ends early if the machine's signal is aborted.
 * @returns What was done.
 * @throws {ProvisioningError} If something cannot be trusted, or written; see `KEYS_UNSAFE`.
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

function lockOrFail(
  home: string,
  account: Account,
  machine: KeysMachine,
): HomeLock {
  try {
    return lockHome(home, account, machine);
  } catch (error) {
    if (error instanceof ProvisioningError) throw error;
    throw notWritten(`${home}/.ssh/authorized_keys`, error);
  }
}

/** What {@linkcode addKeys} works with. */
interface AddKeysOptions {
  readonly account: Account;
  readonly lock: HomeLock;
  readonly read: ReadRegularFile;
}

/** Returns whether there was something to add. */
function addKeys(
  [folder, file]: KeysWritten["paths"],
  lines: readonly string[],
  { account, lock, read }: AddKeysOptions,
): boolean {
  let made = false;
  try {
    const folderInfo = lstatIfThere(folder);
    checkFolder(folder, folderInfo, { ...account, dev: lock.dev });
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
    throw CODES_OF_THE_DISK.includes(code) ||
        error instanceof Deno.errors.NotCapable
      ? notWritten(file, error)
      : keysUnsafe(file, fileProblem(error));
  }
}

function notWritten(file: string, error: unknown): ProvisioningError {
  return new ProvisioningError(
    `Cannot write "${file}": ${fileProblem(error)}; see that it can be written`,
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
    (info.isDirectory ? undefined : "it is no folder") ??
    (info.dev === dev ? undefined : "it is a file system of its own") ??
    (info.uid === uid || ((info.mode ?? 0) & 0o005) === 0o005
      ? undefined
      : "it belongs to root, and its user cannot read it");
  if (problem !== undefined) throw keysUnsafe(path, problem);
}

function checkFile(
  path: string,
  info: Deno.FileInfo | undefined,
  { uid }: Account,
): void {
  if (info === undefined) return;
  const problem = trustProblem(info, uid) ??
    (info.isFile ? undefined : "it is no file") ??
    // It may be the last name of a file that was secret, and the user is to own the copy.
    (info.uid === uid || canRead(info, { uid })
      ? undefined
      : "it belongs to root, and its user cannot read it") ??
    (info.nlink === 1 ? undefined : "it has another name elsewhere") ??
    (info.size <= MAX_FILE_BYTES
      ? undefined
      : `it is over ${MAX_FILE_BYTES} bytes`);
  if (problem !== undefined) throw keysUnsafe(path, problem);
}

/** sshd reads the file as its user. */
function canRead(
  info: Deno.FileInfo | undefined,
  { uid }: Pick<Account, "uid">,
): boolean {
  const bits = info?.uid === uid ? 0o400 : 0o004;
  return ((info?.mode ?? 0) & bits) !== 0;
}

/** Nobody else can do anything in the folder meanwhile. */
function placeFile(
  temporary: string,
  path: string,
  content: Uint8Array<ArrayBuffer>,
  { uid, gid }: Account,
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
    // A umask, or a default ACL of the folder, may have taken bits away.
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
    // Why it could not be written says more.
  }
}
