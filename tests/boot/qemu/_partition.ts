import { succeed } from "../../helpers/command.ts";

/** Where the only partition of a disk is, in bytes. */
export const PARTITION_OFFSET = 1024 * 1024;

/**
 * Makes a disk of one partition, with a GPT.
 *
 * @param image The disk's image, which is not there yet.
 * @param type The partition's type, as systemd-repart names it.
 * @param sizeMiB The partition's size.
 */
export async function makePartition(
  image: string,
  type: "root" | "linux-generic",
  sizeMiB: number,
): Promise<void> {
  const definitions = `${image}.repart`;
  await Deno.mkdir(definitions);
  await Deno.writeTextFile(
    `${definitions}/partition.conf`,
    `[Partition]\nType=${type}\nSizeMinBytes=${sizeMiB}M\nSizeMaxBytes=${sizeMiB}M\n`,
  );
  await succeed("systemd-repart", [
    "--empty=create",
    // The table and its copy.
    `--size=${sizeMiB + 2}M`,
    "--dry-run=no",
    `--definitions=${definitions}`,
    image,
  ]);
}
