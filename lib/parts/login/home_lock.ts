import { readBounded } from "../../files/read_bounded.ts";
import { fileProblem, writeAtomically } from "../../files/write_atomically.ts";
import { messageOf } from "../../provisioning_error.ts";
import type { Account } from "./accounts.ts";
import { checkHome, keysUnsafe, lookAt, trustProblem } from "./home.ts";
import type { LoginMachine } from "./login_machine.ts";

/** What locking a home needs of the machine. */
export type HomeLockMachine = Pick<
  LoginMachine,
  "homesDir" | "stateDir" | "log"
>;

/**
 * A home in which its user can create, replace and remove nothing, and so nothing that
 * root looks at can be another thing when root acts on it.
 *
 * Deno has no `openat`, so root has to act by path, and a path that goes through a
 * folder of the user's leads wherever the user wants. A folder that belongs to root,
 * with the same mode, does not: the kernel checks each change against the owner of the
 * moment, also for a process that has had the folder open all along.
 */
export interface HomeLock extends Disposable {
  /** The home's device. */
  readonly dev: number;
  /** A name for a temporary file in `.ssh`; the user cannot have guessed it. */
  readonly temporary: string;
  /** Locks `.ssh` in the same way, which has to be a folder. */
  lockFolder(): void;
  /** Makes `.ssh`, locked. */
  makeFolder(): void;
}

/** More than a record with the longest path has, in bytes. */
const MAX_RECORD_BYTES = 8192;

const REPLACED = "it was replaced meanwhile";

/** What a run that is killed leaves for the next one to put right. */
interface Left {
  readonly home: string;
  readonly ino: number | null;
  /** Who owns the home. */
  readonly owner: number;
  /** The inode of `.ssh`; absent if there was none. */
  readonly folder?: number;
  /** Who is to own `.ssh`; root where that was so before. */
  readonly uid: number;
  readonly gid: number;
  readonly temporary: string;
}

/**
 * Locks a home.
 *
 * The state directory holds a record meanwhile, as a home that is left locked by a
 * crash is of no use to its user: see {@linkcode unlockLeftHome}.
 *
 * @param home The home, as `checkHome` returns it.
 * @param account Whose home.
 * @param machine The machine.
 * @returns The lock. Disposing of it gives everything back; it never throws.
 * @throws {Error} If the home cannot be locked.
 */
export function lockHome(
  home: string,
  { uid, gid }: Account,
  machine: HomeLockMachine,
): HomeLock {
  const { ino, dev, uid: ownerNow } = Deno.lstatSync(home);
  const owner = ownerNow === 0 ? 0 : uid;
  const folder = `${home}/.ssh`;
  const temporary = `.authorized_keys.${crypto.randomUUID()}`;
  // Nothing is given to root that is root's already, and so nothing may be given back.
  const there = lookAt(folder);
  const before = typeof there === "object" ? there : undefined;
  if (owner !== 0 || before?.uid !== 0) {
    const left = { home, ino, owner, gid, temporary };
    leaveRecord(
      before === undefined
        ? { ...left, uid }
        : { ...left, uid: before.uid === 0 ? 0 : uid, folder: before.ino! },
      machine,
    );
  }
  let isDone = false;
  let isHeld = false;
  let isFolderTaken = false;
  const lock: HomeLock = {
    dev,
    temporary: `${folder}/${temporary}`,
    lockFolder() {
      const now = Deno.lstatSync(folder);
      // What the record does not name, no later run may give to the user.
      if (now.ino !== before?.ino) throw keysUnsafe(folder, REPLACED);
      if (now.uid === 0) return;
      isFolderTaken = true;
      take(folder, now);
    },
    makeFolder() {
      Deno.mkdirSync(folder, { mode: 0o700 });
      isFolderTaken = true;
      Deno.chownSync(folder, 0, gid);
      // A umask, or a default ACL of the home, may have taken bits away.
      Deno.chmodSync(folder, 0o700);
    },
    [Symbol.dispose]() {
      if (isDone) return;
      isDone = true;
      const locked = { home, owner, isHeld };
      giveBack(isFolderTaken ? { ...locked, uid } : locked, machine);
    },
  };
  try {
    take(home, { ino, dev });
    isHeld = true;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  return lock;
}

/** Until root owns it, its user can still change its mode, so it is looked at after that. */
function take(
  path: string,
  { ino, dev }: Pick<Deno.FileInfo, "ino" | "dev">,
): void {
  Deno.chownSync(path, 0, null);
  const now = Deno.lstatSync(path);
  const problem = trustProblem(now, 0) ??
    (now.isDirectory && now.ino === ino && now.dev === dev
      ? undefined
      : REPLACED);
  if (problem !== undefined) throw keysUnsafe(path, problem);
}

/**
 * Unlocks the home that a run which was killed has left locked, if there is one.
 *
 * @param machine The machine.
 */
export function unlockLeftHome(machine: HomeLockMachine): void {
  const { stateDir, log } = machine;
  const path = recordPath(stateDir);
  let text: string;
  try {
    text = new TextDecoder().decode(readBounded(path, MAX_RECORD_BYTES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    log.warn(`Cannot read "${path}": ${fileProblem(error)}; remove it`);
    return;
  }
  try {
    const left = parse(text);
    if (left !== undefined) return unlock(left, machine);
    Deno.removeSync(path);
    log.warn(
      `Removed "${path}", which is no record of a home; if a home belongs to root, give it back to its user`,
    );
  } catch (error) {
    log.warn(
      `Cannot unlock the home that "${path}" names: ${
        messageOf(error)
      }; give it back to its user`,
    );
  }
}

function unlock(left: Left, machine: HomeLockMachine): void {
  // Whoever owns the folders above it now decides if the record still holds.
  const home = checkHome(
    { ...left, uid: left.owner, name: left.home },
    machine,
  );
  const locked = Deno.lstatSync(home);
  if (locked.uid !== 0 || locked.ino !== left.ino) {
    if (locked.uid === 0 && left.owner !== 0) {
      machine.log.warn(
        `"${home}" belongs to root, and is another folder than an interrupted run left locked; give it to user ${left.owner} if it is that user's home`,
      );
    }
    forgetRecord(machine);
    return;
  }
  const folder = `${home}/.ssh`;
  const info = lookAt(folder);
  const isTaken = typeof info === "object" && info.isDirectory &&
    info.uid === 0 && isOurs(folder, info, left);
  if (isTaken) {
    removeIfThere(`${folder}/${left.temporary}`);
    // One that was made has no group yet.
    if (info.gid === 0 && left.uid !== 0) {
      Deno.chownSync(folder, null, left.gid);
    }
  }
  const lock = { home, owner: left.owner, isHeld: true };
  giveBack(isTaken ? { ...lock, uid: left.uid } : lock, machine);
  machine.log.info(`Unlocked "${home}", which an interrupted run left locked`);
}

/** Whether it is the `.ssh` that was locked, or one that was made and holds keys only. */
function isOurs(
  path: string,
  { ino }: Deno.FileInfo,
  { folder, temporary }: Left,
): boolean {
  if (folder !== undefined) return ino === folder;
  for (const { name } of Deno.readDirSync(path)) {
    if (name !== "authorized_keys" && name !== temporary) return false;
  }
  return true;
}

/** What was locked. */
interface Locked {
  readonly home: string;
  readonly owner: number;
  /** Whether the user has been kept out; if not, `.ssh` may be anything by now. */
  readonly isHeld: boolean;
  /** Who gets `.ssh`; absent if it was not locked. */
  readonly uid?: number;
}

/** The home comes last: as long as root owns it, nobody can replace `.ssh`. */
function giveBack(
  { home, owner, isHeld, uid }: Locked,
  machine: HomeLockMachine,
): void {
  const path = `${home}/.ssh`;
  const folder = isHeld ? lookAt(path) : undefined;
  const problems: string[] = [];
  if (typeof folder === "object" && folder.isDirectory) {
    restore(path, uid, problems);
  }
  restore(home, owner, problems);
  if (problems.length === 0) forgetRecord(machine);
  else {
    machine.log.warn(
      `Cannot unlock "${home}": ${
        problems.join("; ")
      }; the next run tries again, or give it back to its user`,
    );
  }
}

/** The record may go, and a new file counts, only once this is on the disk. */
function restore(
  path: string,
  owner: number | undefined,
  problems: string[],
): void {
  try {
    if (owner !== undefined && Deno.lstatSync(path).uid !== owner) {
      Deno.chownSync(path, owner, null);
    }
  } catch (error) {
    problems.push(fileProblem(error));
  }
  try {
    using handle = Deno.openSync(path);
    handle.syncSync();
  } catch {
    // Not every file system lets a folder be synced.
  }
}

function recordPath(stateDir: string): string {
  return `${stateDir}/locked-home.json`;
}

function leaveRecord(left: Left, { stateDir, log }: HomeLockMachine): void {
  const path = recordPath(stateDir);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, `${JSON.stringify(left)}\n`, { mode: 0o600 });
  } catch (error) {
    // A crash in the next few milliseconds is less likely than a VM without keys is bad.
    log.debug(`Cannot write "${path}": ${fileProblem(error)}`);
  }
}

function forgetRecord({ stateDir, log }: HomeLockMachine): void {
  const path = recordPath(stateDir);
  try {
    removeIfThere(path);
  } catch (error) {
    log.warn(`Cannot remove "${path}": ${fileProblem(error)}`);
  }
}

function parse(text: string): Left | undefined {
  try {
    const left = JSON.parse(text) as Left;
    const isWhole = typeof left.home === "string" &&
      typeof left.ino === "number" && Number.isSafeInteger(left.owner) &&
      ["undefined", "number"].includes(typeof left.folder) &&
      Number.isSafeInteger(left.uid) && Number.isSafeInteger(left.gid) &&
      /^\.authorized_keys\.[0-9a-f-]{36}$/.test(left.temporary);
    return isWhole ? left : undefined;
  } catch {
    return undefined;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
