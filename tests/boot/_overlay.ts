import { run, succeed } from "../helpers/command.ts";

/** A tree that looks like a copy of others, and whose changes go to a folder of their own. */
export interface Overlay extends AsyncDisposable {
  /** The tree. */
  readonly tree: string;
  /** What differs from the layers below. */
  readonly changes: string;
  /** Makes it writable again, after a machine's shutdown has left it read-only. */
  makeWritable(): Promise<void>;
}

/**
 * Lays a tree over others, which it leaves as they are. A machine boots nothing
 * else: some inits end by making the file system of their root read-only, for
 * everyone who has it mounted.
 *
 * @param layers The trees below, the topmost first.
 * @param dir A folder of the test's.
 * @returns The tree; disposing of it unmounts it and leaves the folder.
 */
export async function layOver(
  layers: readonly string[],
  dir: string,
): Promise<Overlay> {
  const [changes, work, tree] = ["changes", "work", "tree"].map((name) =>
    `${dir}/${name}`
  ) as [string, string, string];
  for (const folder of [changes, work, tree]) await Deno.mkdir(folder);
  const options = `lowerdir=${
    layers.join(":")
  },upperdir=${changes},workdir=${work}`;
  await succeed("mount", ["-t", "overlay", "overlay", "-o", options, tree]);
  return {
    tree,
    changes,
    makeWritable: async () => {
      await succeed("mount", ["-o", "remount,rw", tree]);
    },
    async [Symbol.asyncDispose]() {
      if ((await run("umount", [tree])).code !== 0) {
        await succeed("umount", ["--lazy", tree]);
      }
    },
  };
}
