import { succeed } from "../../helpers/command.ts";
import { TALK } from "../_agent.ts";
import { temporaryFolder } from "../_temporary_folder.ts";
import { STATE_DIR } from "../_mark_of.ts";
import { makePartition, PARTITION_OFFSET } from "./_partition.ts";

/** A disk that QEMU's machines boot; it can be booted again and again. */
export interface Disk extends AsyncDisposable {
  /** Its image. */
  readonly image: string;
  /** Where the root file system is in it, as programs of e2fsprogs are told. */
  readonly fileSystem: string;
  /** Copies what a test looks at, once the machine is off, and gives the folder that it then is in, as in a tree. */
  read(): Promise<string>;
}

/** What a test looks at. */
const FOLDERS = ["/etc", "/home", "/var/log", STATE_DIR, TALK];

/** Where the root file system of a disk is. */
export type Layout = "whole disk" | "partition";

const ROOT_MIB = 1024;

/**
 * Makes a disk.
 *
 * @param tree What is on it.
 * @param layout Where on it.
 * @returns The disk; disposing of it takes it and the copies away.
 */
export async function makeDisk(
  tree: string,
  layout: Layout,
): Promise<Disk> {
  await using made = new AsyncDisposableStack();
  const { path } = made.use(await temporaryFolder());
  const image = `${path}/disk`;
  const isPartitioned = layout === "partition";
  if (isPartitioned) await makePartition(image, "root", ROOT_MIB);
  const offset = isPartitioned ? PARTITION_OFFSET : 0;
  const fileSystem = isPartitioned ? `${image}?offset=${offset}` : image;
  // Without a journal the files can be read after any end that has written them, as some inits' ends unmount nothing.
  await succeed("mke2fs", [
    "-q",
    "-t",
    "ext4",
    "-O",
    "^has_journal",
    "-E",
    `offset=${offset}`,
    "-d",
    tree,
    image,
    `${ROOT_MIB}M`,
  ]);
  const resources = made.move();
  let reads = 0;
  return {
    image,
    fileSystem,
    async read() {
      const copy = `${path}/read-${reads++}`;
      for (const folder of FOLDERS) {
        const above = folder.slice(0, folder.lastIndexOf("/"));
        await Deno.mkdir(`${copy}${above}`, { recursive: true });
        await succeed("debugfs", [
          "-R",
          `rdump ${folder} ${copy}${above}`,
          fileSystem,
        ]);
      }
      return copy;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
