import { removeIfThere } from "../../../files/remove_if_there.ts";
import { fileProblem } from "../../../files/file_problem.ts";
import type { Account } from "../account/accounts.ts";
import { checkHome, keysUnsafe } from "./check_home.ts";
import { lookAt, trustProblem } from "./look_at.ts";
import {
  forgetLockedHome,
  type LockedHome,
  readLockedHome,
  recordLockedHome,
} from "./locked_home_record.ts";
import type { LoginMachine } from "../login_machine.ts";
import { lockedHomePath } from "../login_names.ts";
import { messageOf } from "../../../provisioning_error.ts";

/** The part of a machine that locking a home needs. */
export type HomeLockMachine = Pick<
  LoginMachine,
  "homesDirs" | "stateDir" | "log"
>;

/**
 * A home in which its user can create, replace and remove nothing, so that whatever
 * root looks at is still the same when root acts on it.
 *
 * Deno has no `openat`, so root has to act by path, and a path through a folder of the
 * user's leads wherever the user wants. A path through a folder of root's, with the same
 * mode, does not: the kernel checks each change against the current owner, even for a
 * process that already had the folder open.
 */
export interface HomeLock extends Disposable {
  /** The home's device. */
  readonly dev: number;
  /** The path of a temporary file in `.ssh`, which the user cannot guess. */
  readonly temporary: string;
  /** Locks `.ssh` in the same way. It has to be a folder. */
  lockFolder(): void;
  /** Creates `.ssh`, locked. */
  makeFolder(): void;
}

const REPLACED = "it was replaced in the meantime";

/**
 * Locks a home.
 *
 * Meanwhile the state directory has a record of it, because a crash would leave the
 * home locked, and its user could not use it: see {@linkcode unlockLeftHome}.
 *
 * @param home The home, as `checkHome` returns it.
 * @returns The lock. Disposing of it gives everything back, and never throws.
 * @throws {Error} If the home cannot be locked.
 */
export function lockHome(
  home: string,
  { uid, gid }: Pick<Account, "uid" | "gid">,
  machine: HomeLockMachine,
): HomeLock {
  const { ino, dev, uid: ownerNow } = Deno.lstatSync(home);
  const owner = ownerNow === 0 ? 0 : uid;
  const folder = `${home}/.ssh`;
  const temporary = `.authorized_keys.${crypto.randomUUID()}`;
  const found = lookAt(folder);
  const before = typeof found === "object" ? found : undefined;
  // What is root's already is not taken, and so must not be given back.
  if (owner !== 0 || before?.uid !== 0) {
    const locked = { home, ino, owner, gid, temporary };
    recordLockedHome(
      before === undefined
        ? { ...locked, uid }
        : { ...locked, uid: before.uid === 0 ? 0 : uid, folder: before.ino! },
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
      // A later run must not give the user a folder that the record does not name.
      if (now.ino !== before?.ino) throw keysUnsafe(folder, REPLACED);
      if (now.uid === 0) return;
      isFolderTaken = true;
      take(folder, now);
    },
    makeFolder() {
      Deno.mkdirSync(folder, { mode: 0o700 });
      isFolderTaken = true;
      Deno.chownSync(folder, 0, gid);
      // A umask or the home's default ACL may have cleared bits.
      Deno.chmodSync(folder, 0o700);
    },
    [Symbol.dispose]() {
      if (isDone) return;
      isDone = true;
      const held = { home, owner, isHeld };
      giveBack(isFolderTaken ? { ...held, uid } : held, machine);
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

/** Makes root the owner. Only then is the folder checked: until then, its user can still change its mode. */
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

/** Unlocks the home that a killed run left locked, if there is one. Problems are only logged. */
export function unlockLeftHome(machine: HomeLockMachine): void {
  const left = readLockedHome(machine);
  if (left === undefined) return;
  try {
    unlock(left, machine);
  } catch (error) {
    machine.log.warn(
      `Cannot unlock the home that "${
        lockedHomePath(machine.stateDir)
      }" names: ${messageOf(error)}; give it back to its user`,
    );
  }
}

function unlock(left: LockedHome, machine: HomeLockMachine): void {
  // The folders above may have changed since the record was written.
  const home = checkHome(
    { ...left, uid: left.owner, name: left.home },
    machine,
  );
  const locked = Deno.lstatSync(home);
  if (locked.uid !== 0 || locked.ino !== left.ino) {
    if (locked.uid === 0 && left.owner !== 0) {
      machine.log.warn(
        `"${home}" belongs to root, but is not the folder that an interrupted run left locked; give it to user ${left.owner} if it is that user's home`,
      );
    }
    forgetLockedHome(machine);
    return;
  }
  const folder = `${home}/.ssh`;
  const info = lookAt(folder);
  const isTaken = typeof info === "object" && info.isDirectory &&
    info.uid === 0 && isOurs(folder, info, left);
  if (isTaken) {
    removeIfThere(`${folder}/${left.temporary}`);
    // A folder that was just created does not have its group yet.
    if (info.gid === 0 && left.uid !== 0) {
      Deno.chownSync(folder, null, left.gid);
    }
  }
  const held = { home, owner: left.owner, isHeld: true };
  giveBack(isTaken ? { ...held, uid: left.uid } : held, machine);
  machine.log.info(`Unlocked "${home}", which an interrupted run left locked`);
}

/** Whether a folder is the `.ssh` that was locked, or one that was created and has only keys. */
function isOurs(
  path: string,
  { ino }: Deno.FileInfo,
  { folder, temporary }: LockedHome,
): boolean {
  if (folder !== undefined) return ino === folder;
  for (const { name } of Deno.readDirSync(path)) {
    if (name !== "authorized_keys" && name !== temporary) return false;
  }
  return true;
}

/** What to give back. */
interface Held {
  readonly home: string;
  /** Who gets the home. */
  readonly owner: number;
  /** Whether the user was kept out all the time; if not, `.ssh` may be anything by now. */
  readonly isHeld: boolean;
  /** Who gets `.ssh`; absent if it was not locked. */
  readonly uid?: number;
}

/** Gives back the home last: as long as root owns it, nobody can replace `.ssh`. */
function giveBack(
  { home, owner, isHeld, uid }: Held,
  machine: HomeLockMachine,
): void {
  const path = `${home}/.ssh`;
  const folder = isHeld ? lookAt(path) : undefined;
  const problems: string[] = [];
  if (typeof folder === "object" && folder.isDirectory) {
    restore(path, uid, problems);
  }
  restore(home, owner, problems);
  if (problems.length === 0) forgetLockedHome(machine);
  else {
    machine.log.warn(
      `Cannot unlock "${home}": ${
        problems.join("; ")
      }; give it back to its user, or wait for the next run to try again`,
    );
  }
}

/** Changes an owner back and syncs it, because the record may be removed only once it is on the disk. */
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
    // Not every file system can sync a folder.
  }
}
