import type { Obstacle } from "../login/obstacle.ts";
import type { Strictness } from "./strictness.ts";
import type { Step } from "./walk.ts";

/** A user, as the kernel sees one. */
export interface Walker {
  /** The user's name. */
  readonly name: string;
  /** The user's id. */
  readonly uid: number;
  /** The ids of all groups of the user's; `undefined` if they are not known. */
  readonly gids: readonly number[] | undefined;
  /** The SSH server that reads the keys. */
  readonly server: string;
}

/**
 * Finds the first step on the way to a file that its reader cannot take.
 *
 * @param steps The folders from `/` on, and the file.
 */
export function searchObstacle(
  steps: readonly Step[],
  walker: Walker,
): Obstacle | undefined {
  for (const { path, info } of steps) {
    if (info === undefined || info.mode === null) continue;
    const bits = info.isDirectory ? 0o111 : 0o444;
    if ((info.mode & bits & bitsOf(info, walker)) !== 0) continue;
    const what = info.isDirectory ? "search" : "read";
    return {
      problem:
        `"${walker.name}" may not ${what} "${path}", which belongs to ${info.uid}:${info.gid} and has the mode ${
          modeOf(info)
        }, and so ${walker.server} finds no keys`,
      remedy: info.isDirectory
        ? `give it the mode ${
          ((info.mode & 0o7777) | 0o111).toString(8)
        } in the image`
        : `let "${walker.name}" read it`,
    };
  }
  return undefined;
}

/** Finds the first step, from the file of keys up, that is too open for a server. */
export function strictObstacle(
  steps: readonly Step[],
  { name, uid, server }: Walker,
  { top, isSharedGroup, remedy }: Strictness,
): Obstacle | undefined {
  const end = steps.at(-1);
  if (end?.info === undefined) return undefined;
  for (const { path, info } of steps.toReversed()) {
    if (info === undefined || info.uid === null || info.mode === null) continue;
    // Only the folders of the path without links matter.
    if (path !== "/" && path !== end.path && !end.path.startsWith(`${path}/`)) {
      continue;
    }
    const because = `for which ${server} refuses the keys`;
    if (info.uid !== 0 && info.uid !== uid) {
      return {
        problem:
          `"${path}" belongs to user ${info.uid}, and not to "${name}" or root, ${because}`,
        remedy,
      };
    }
    if (
      (info.mode & 0o002) !== 0 ||
      ((info.mode & 0o020) !== 0 && isSharedGroup(info.gid ?? 0, info.uid))
    ) {
      return {
        problem:
          `others than its owner may write to "${path}", which has the mode ${
            modeOf(info)
          }, ${because}`,
        remedy,
      };
    }
    if (path === top) break;
  }
  return undefined;
}

function bitsOf(
  { uid, gid }: Pick<Deno.FileInfo, "uid" | "gid">,
  walker: Walker,
): number {
  if (uid === walker.uid) return 0o700;
  if (walker.gids === undefined) return 0o077;
  return gid !== null && walker.gids.includes(gid) ? 0o070 : 0o007;
}

function modeOf({ mode }: Pick<Deno.FileInfo, "mode">): string {
  return ((mode ?? 0) & 0o7777).toString(8);
}
