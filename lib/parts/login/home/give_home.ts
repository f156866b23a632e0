import { isFuse } from "../../../files/is_fuse.ts";
import { type Account, findAccount } from "../account/accounts.ts";
import { lookAt, trustProblem } from "./look_at.ts";

/** What a home's user may do in it, and what nobody else may. */
const OWNERS = 0o700;
const WRITABLE_BY_OTHERS = 0o022;

/** The bits that make a program run as somebody else. */
const SET_ID = 0o6000;

/** How deep, and how many of the files that a new home gets, are looked at. */
const MAX_DEPTH = 8;
const MAX_FILES = 1000;

/** What a home has beside the files of `/etc/skel`. */
const KEYS: readonly string[] = [".ssh", ".ssh/authorized_keys"];

/** What {@linkcode giveHome} needs to know of the machine. */
export interface GivingMachine {
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
  /** The text of `/etc/passwd`. */
  readonly passwd: string;
}

/**
 * Gives a home to its user, if whoever made the image left it to root: it has the user's
 * name, no other account has a home there, and only root may write to it. The files that
 * useradd would have put there, and those of the keys, go with it; whatever else is root's
 * stays root's.
 *
 * Until the end the home is root's, so nobody can replace anything in it meanwhile.
 *
 * @param home The home, in a folder that only root can write to.
 * @returns Whether it was given.
 */
export function giveHome(
  home: string,
  { name, uid, gid }: Account,
  { etcDir, passwd }: GivingMachine,
): boolean {
  const info = lookAt(home);
  if (
    typeof info !== "object" || !info.isDirectory || info.uid !== 0 ||
    trustProblem(info, 0) !== undefined ||
    !home.endsWith(`/${name}`) || hasOtherUsers(home, name, passwd) ||
    isFuse(home)
  ) return false;
  const files = [...KEYS, ...namesBelow(`${etcDir}/skel`)];
  // What is in a folder first, because its user can replace that from then on.
  const byDepth = (path: string) => path.split("/").length;
  files.sort((one, other) => byDepth(other) - byDepth(one));
  for (const path of new Set(files)) {
    giveFile(home, path, { dev: info.dev, uid, gid });
  }
  Deno.chownSync(home, uid, gid);
  Deno.chmodSync(
    home,
    ((info.mode ?? 0) & 0o777 | OWNERS) & ~WRITABLE_BY_OTHERS,
  );
  return true;
}

/** Whether an account other than the user's has its home there, or in it, or around it. */
function hasOtherUsers(home: string, name: string, passwd: string): boolean {
  return passwd.split("\n").some((line) => {
    const other = line.split(":")[0]!;
    const path = findAccount(line, other)?.home.replace(/\/+$/, "");
    return other !== name && path !== undefined &&
      (`${path}/`.startsWith(`${home}/`));
  });
}

function namesBelow(folder: string): string[] {
  const names: string[] = [];
  const read = (below: string, depth: number) => {
    try {
      for (const entry of Deno.readDirSync(`${folder}/${below}`)) {
        if (names.push(`${below}${entry.name}`) > MAX_FILES) return;
        if (entry.isDirectory && depth < MAX_DEPTH) {
          read(`${below}${entry.name}/`, depth + 1);
        }
      }
    } catch {
      // Without it, useradd would have put nothing there.
    }
  };
  read("", 0);
  return names;
}

/** Gives one file, if it and every folder above it in the home are root's alone. */
function giveFile(
  home: string,
  path: string,
  { dev, uid, gid }: { dev: number; uid: number; gid: number },
): void {
  const steps = path.split("/");
  for (const [at] of steps.entries()) {
    const here = `${home}/${steps.slice(0, at + 1).join("/")}`;
    const info = lookAt(here);
    if (
      typeof info !== "object" || info.uid !== 0 || info.dev !== dev ||
      trustProblem(info, 0) !== undefined ||
      ((info.mode ?? 0) & SET_ID) !== 0
    ) return;
    if (at < steps.length - 1) {
      if (!info.isDirectory) return;
      continue;
    }
    // Another hard link may be a file of the system's.
    if (info.isDirectory || (info.isFile && info.nlink === 1)) {
      Deno.chownSync(here, uid, gid);
    }
  }
}
