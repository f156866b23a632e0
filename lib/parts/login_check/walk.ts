import { lstatIfThere } from "../login/home/look_at.ts";

/** More links than a path that the kernel follows has. */
const MAX_LINKS = 40;

/** A folder, a link or a file on a way. */
export interface Step {
  /** Its path, without links. */
  readonly path: string;
  /** What it is; `undefined` if nothing is there. */
  readonly info: Deno.FileInfo | undefined;
}

/**
 * Walks a path from `/` on, as the kernel does: through each folder, and those that links
 * lead to.
 *
 * @param path An absolute path.
 * @returns The folders, and at last what is at the end; the walk stops where nothing is.
 * @throws {Error} If something cannot be looked at.
 */
export function walk(path: string): Step[] {
  const left = path.split("/");
  const steps: Step[] = [{ path: "/", info: Deno.lstatSync("/") }];
  let here: string[] = [];
  let links = 0;
  while (left.length > 0) {
    const name = left.shift()!;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      here = here.slice(0, -1);
      continue;
    }
    const at = `/${[...here, name].join("/")}`;
    const info = lstatIfThere(at);
    if (info?.isSymlink) {
      if (++links > MAX_LINKS) throw new Error(`"${path}" has too many links`);
      const target = Deno.readLinkSync(at);
      if (target.startsWith("/")) here = [];
      left.unshift(...target.split("/"));
      continue;
    }
    here.push(name);
    steps.push({ path: at, info });
    if (info === undefined) break;
  }
  return steps;
}
