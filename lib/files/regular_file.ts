import { readOpened } from "./read_bounded.ts";

/**
 * Reads a regular file; see {@linkcode regularFileReader}.
 *
 * @param path The file. Its last component must not be a symbolic link.
 * @param maxBytes The limit.
 * @throws {Error} If it is not a regular file, is larger, or cannot be read.
 */
export type ReadRegularFile = (
  path: string,
  maxBytes: number,
) => Uint8Array<ArrayBuffer>;

/**
 * Returns a function that reads files in folders that other users can write.
 *
 * It opens without blocking and then examines the open file, so that neither a pipe, a
 * device nor a lease of the owner's can hang the program, even if it replaces the file at
 * the last moment. `Deno.open` has no flag for that. In folders that only root can write,
 * `readBounded` is enough.
 */
export async function regularFileReader(): Promise<ReadRegularFile> {
  // Loaded lazily: it adds about 3 ms of CPU time to a start of 55 ms, and a first boot
  // rarely needs it.
  const { closeSync, constants, fstatSync, openSync, readSync } = await import(
    "node:fs"
  );
  const flags = constants.O_RDONLY | constants.O_NONBLOCK |
    constants.O_NOFOLLOW | constants.O_NOCTTY;
  return (path, maxBytes) => {
    const fd = openSync(path, flags);
    try {
      return readOpened({
        statSync: () => {
          const stat = fstatSync(fd);
          return { isFile: stat.isFile(), size: stat.size };
        },
        readSync: (buffer) =>
          readSync(fd, buffer, 0, buffer.length, null) || null,
      }, maxBytes);
    } finally {
      closeSync(fd);
    }
  };
}
