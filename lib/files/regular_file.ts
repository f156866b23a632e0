/**
 * Reads a regular file; see {@linkcode regularFileReader}.
 *
 * @param path The file. Its last component may not be a symbolic link.
 * @param maxBytes The most bytes that it may have.
 * @returns Its bytes.
 * @throws {Error} If it is no regular file, is larger, or cannot be read.
 */
export type ReadRegularFile = (
  path: string,
  maxBytes: number,
) => Uint8Array<ArrayBuffer>;

/**
 * Returns a function that reads files in folders that somebody else can write.
 *
 * It opens without blocking and then checks the open file, so that a pipe, a device or a
 * lease of the owner's cannot stop the program, even if it replaces the file at the last
 * moment. `Deno.open` has no flag for that.
 *
 * @returns The function. It is synchronous.
 */
export async function regularFileReader(): Promise<ReadRegularFile> {
  // Deno has it ready; a script cannot import it statically.
  const { closeSync, constants, fstatSync, openSync, readSync } = await import(
    "node:fs"
  );
  const flags = constants.O_RDONLY | constants.O_NONBLOCK |
    constants.O_NOFOLLOW | constants.O_NOCTTY;
  return (path, maxBytes) => {
    const fd = openSync(path, flags);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new Error("it is no file");
      // One byte more shows that a file has grown since.
      let buffer = new Uint8Array(Math.min(stat.size, maxBytes) + 1);
      for (let length = 0; length <= maxBytes;) {
        if (length === buffer.length) {
          const larger = new Uint8Array(maxBytes + 1);
          larger.set(buffer);
          buffer = larger;
        }
        const free = buffer.length - length;
        const count = readSync(fd, buffer, length, free, null);
        if (count === 0) return buffer.slice(0, length);
        length += count;
      }
      throw new Error(`it is over ${maxBytes} bytes`);
    } finally {
      closeSync(fd);
    }
  };
}
