import { callerId, ROOT_ID } from "./caller_id.ts";
import { readOpened } from "./read_bounded.ts";

/** A file that somebody else can have written. The message is the end of a sentence. */
export class UntrustedFileError extends Error {
  override readonly name = "UntrustedFileError";
}

/** Linux follows as many. */
const MAX_LINKS = 40;

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Reads a regular file that only root, or the user who runs the program, can have
 * written.
 *
 * The file and each folder and link on the way to it must belong to root or the caller,
 * and nobody else may be able to write them. So nobody else can replace the file either,
 * neither before it is opened nor after. A sticky folder, such as `/tmp` or the Nix store,
 * may be writable: only its owner and the file's owner can rename the file. Links are
 * followed, because NixOS and others have them in `/etc`.
 *
 * Needs `--allow-read`.
 *
 * @param path The file, absolute or relative to the current folder.
 * @param maxBytes The limit.
 * @throws {UntrustedFileError} If it cannot be trusted. The message has a remedy.
 * @throws {Error} If it cannot be read. The message is the end of a sentence.
 */
export function readTrusted(
  path: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const caller = callerId();
  const { target, info } = walk(path, caller);
  if (!info.isFile) throw new Error("it is not a file");
  const subject = target === path ? "it" : `"${target}"`;
  requireOwner(subject, info, caller);
  requireOwnersOnly(subject, info);
  using file = Deno.openSync(target);
  const { dev, ino } = file.statSync();
  if (dev !== info.dev || ino !== info.ino) {
    throw new Error("it was replaced while it was opened; try again");
  }
  return readOpened(file, maxBytes);
}

interface Walked {
  /** The path without links. */
  readonly target: string;
  /** Information about it. */
  readonly info: Deno.FileInfo;
}

/** Resolves a path step by step, and checks each folder and link on the way. */
function walk(path: string, caller: number): Walked {
  const absolute = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  const steps = absolute.split("/").reverse();
  const folders: string[] = [];
  let links = 0;
  let current: Walked = { target: "/", info: Deno.lstatSync("/") };
  while (true) {
    const step = steps.pop();
    if (step === undefined) return current;
    if (step === "" || step === ".") continue;
    if (step === "..") {
      folders.pop();
      current = examine(folders);
      continue;
    }
    requireFolder(current, caller);
    const next = examine([...folders, step]);
    if (!next.info.isSymlink) {
      folders.push(step);
      current = next;
      continue;
    }
    requireOwner(`the link "${next.target}"`, next.info, caller);
    if (++links > MAX_LINKS) throw new Error("it is behind too many links");
    const to = Deno.readLinkSync(next.target);
    if (to.startsWith("/")) {
      folders.length = 0;
      current = examine(folders);
    }
    steps.push(...to.split("/").reverse());
  }
}

function examine(folders: readonly string[]): Walked {
  const target = `/${folders.join("/")}`;
  return { target, info: Deno.lstatSync(target) };
}

function requireFolder({ target, info }: Walked, caller: number): void {
  const subject = `its folder "${target}"`;
  requireOwner(subject, info, caller);
  if (((info.mode ?? 0) & STICKY) === 0) requireOwnersOnly(subject, info);
}

function requireOwner(
  subject: string,
  { uid }: Deno.FileInfo,
  caller: number,
): void {
  if (uid === ROOT_ID || uid === caller) return;
  const owner = caller === ROOT_ID ? "root" : "root or to you";
  throw new UntrustedFileError(
    `${subject} belongs to user ${uid}, not to ${owner}; check its content, then change its owner`,
  );
}

/** In folders, members of root's group count as root. */
function requireOwnersOnly(
  subject: string,
  { mode, gid, isDirectory }: Deno.FileInfo,
): void {
  const bits = mode ?? 0;
  const isRootsGroup = isDirectory && gid === ROOT_ID;
  const who = (bits & OTHERS_WRITE) !== 0
    ? "everybody"
    : (bits & GROUP_WRITES) !== 0 && !isRootsGroup
    ? `group ${gid}`
    : undefined;
  if (who === undefined) return;
  throw new UntrustedFileError(
    `${subject} is writable by ${who}; check its content, then let only its owner write it`,
  );
}
