import { lookAtFolder, trustProblem } from "./look_at.ts";

/** The mode bit of a folder in which everybody can remove only their own. */
const STICKY = 0o1000;

/** The end of a way. */
export type Way =
  /** It leads to a folder that only root can replace. */
  | { readonly kind: "folder"; readonly dev: number }
  /** Nothing is at `path`, which has no link in it. */
  | { readonly kind: "missing"; readonly path: string }
  /** What is at `path` cannot be trusted. */
  | {
    readonly kind: "problem";
    readonly path: string;
    readonly problem: string;
  };

/**
 * Follows the path of the folder that a home is in. Each folder from `base` down belongs
 * to root, who alone may write to it.
 *
 * One symbolic link of root's is followed, such as `/home` to `/var/home`. Then every
 * folder of both paths, from `/` down, belongs to root, who alone may write to it; others
 * may write to those above the last if they are sticky.
 *
 * @param path A path at or below `base`, without `.` and `..`.
 * @param base The folder of homes.
 */
export function wayToHome(path: string, base: string): Way {
  const steps = stepsOf(path);
  /** The steps that are left when the base is reached. */
  const below = steps.length - stepsOf(base).length;
  let here: string[] = [];
  let isLinkFollowed = false;
  let problemAbove: Way | undefined = problemAt("/", Deno.lstatSync("/"), true);
  let dev = 0;
  while (steps.length > 0) {
    const step = steps.shift()!;
    if (step === "..") {
      here = here.slice(0, -1);
      continue;
    }
    here = [...here, step];
    const at = `/${here.join("/")}`;
    const info = lookAtFolder(at);
    if (info === undefined) {
      return problemAbove !== undefined && isLinkFollowed
        ? problemAbove
        : { kind: "missing", path: at };
    }
    if (typeof info === "object" && info.isSymlink) {
      const problem = isLinkFollowed
        ? "it is a second symbolic link, and only one is followed"
        : info.uid === 0
        ? undefined
        : `it is a symbolic link of user ${info.uid}`;
      if (problem !== undefined) return { kind: "problem", path: at, problem };
      isLinkFollowed = true;
      const target = Deno.readLinkSync(at);
      here = target.startsWith("/") ? [] : here.slice(0, -1);
      steps.unshift(...stepsOf(target));
      continue;
    }
    const isAbove = steps.length > (isLinkFollowed ? 0 : below);
    const found = problemAt(at, info, isAbove);
    if (found !== undefined && (isLinkFollowed || !isAbove)) return found;
    problemAbove ??= found;
    if (typeof info === "object") dev = info.dev;
  }
  if (!isLinkFollowed) return { kind: "folder", dev };
  // The link may have ended in "..".
  const end = `/${here.join("/")}`;
  return problemAbove ?? problemAt(end, Deno.lstatSync(end), false) ??
    { kind: "folder", dev };
}

/** What is wrong with a folder of the way, if anything. */
function problemAt(
  path: string,
  info: Deno.FileInfo | string,
  maySticky: boolean,
): Way | undefined {
  const problem = typeof info === "string"
    ? info
    : !info.isDirectory
    ? "it is not a folder"
    : maySticky && info.uid === 0 && ((info.mode ?? 0) & STICKY) !== 0
    ? undefined
    : trustProblem(info, 0);
  return problem === undefined ? undefined : { kind: "problem", path, problem };
}

function stepsOf(path: string): string[] {
  return path.split("/").filter((step) => step !== "" && step !== ".");
}
