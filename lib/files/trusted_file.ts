import { readOpened } from "./read_bounded.ts";

/** As many links as Linux follows on the way to a file. */
const MAX_LINKS = 40;

const ROOT_ID = 0;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Reads a regular file that only root, or the user who runs the program, can have
 * written.
 *
 * The file, each folder on the way to it, and each link on that way have to be root's
 * or the caller's own, and writable by nobody else. So nobody else can put another
 * file in its place either, neither before it is opened nor after. A sticky folder,
 * such as `/tmp` or the store of Nix, may be writable: only its owner and the file's
 * can rename what is in there. Links are followed, as NixOS and others have them in
 * `/etc`.
 *
 * Needs `--allow-read`.
 *
 * @param path The file, absolute or from the current folder.
 * @param maxBytes The most bytes to take.
 * @returns Its bytes.
 * @throws {Error} If it cannot be read, or not be trusted. The message is the end of
 * a sentence, and says what to do.
 */
export function readTrusted(
  path: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const caller = callerId();
  const { target, info } = walk(path, caller);
  if (!info.isFile) throw new Error("it is not a file");
  requireOwner(target === path ? "it" : `"${target}"`, info, caller);
  requireOwnersOnly(target === path ? "it" : `"${target}"`, info);
  using file = Deno.openSync(target);
  const { dev, ino } = file.statSync();
  if (dev !== info.dev || ino !== info.ino) {
    throw new Error("it was replaced while it was opened; try again");
  }
  return readOpened(file, maxBytes);
}

/** The user who runs the program; to ask Deno for it would need a permission more. */
function callerId(): number {
  try {
    return Deno.statSync("/proc/self").uid ?? ROOT_ID;
  } catch {
    return ROOT_ID;
  }
}

interface Walked {
  /** The path without links. */
  readonly target: string;
  /** What is there. */
  readonly info: Deno.FileInfo;
}

/** Resolves a path step by step, and looks at each folder and link on the way. */
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
      current = found(folders);
      continue;
    }
    requireFolder(current, caller);
    const next = found([...folders, step]);
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
      current = found(folders);
    }
    steps.push(...to.split("/").reverse());
  }
}

function found(folders: readonly string[]): Walked {
  const target = `/${folders.join("/")}`;
  return { target, info: Deno.lstatSync(target) };
}

function requireFolder({ target, info }: Walked, caller: number): void {
  const what = `its folder "${target}"`;
  requireOwner(what, info, caller);
  if (((info.mode ?? 0) & STICKY) === 0) requireOwnersOnly(what, info);
}

function requireOwner(
  what: string,
  { uid }: Deno.FileInfo,
  caller: number,
): void {
  if (uid === ROOT_ID || uid === caller) return;
  const owner = caller === ROOT_ID ? "root" : "root or to you";
  throw new Error(
    `${what} belongs to user ${uid}, and not to ${owner}; check what it says, then change its owner`,
  );
}

/** Members of root's own group count as root. */
function requireOwnersOnly(
  what: string,
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
  throw new Error(
    `${what} is writable by ${who}; check what it says, then let only its owner write it`,
  );
}
