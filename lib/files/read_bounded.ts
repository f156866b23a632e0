/**
 * Reads a regular file of no more than so many bytes.
 *
 * Nothing else is opened: opening a pipe would wait for its writer, and a device may
 * have no end. The limit holds whatever size the file claims to have, and however it
 * grows. It is synchronous, as the other files of a first boot are. Needs
 * `--allow-read` for the path.
 *
 * @param path The file, or a link to it.
 * @param maxBytes The most bytes to take.
 * @returns Its bytes.
 * @throws {TypeError} If it is not a regular file, or is too large; the message is the
 * end of a sentence.
 * @throws {Error} If it cannot be read.
 */
export function readBounded(
  path: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  requireFile(Deno.statSync(path));
  using file = Deno.openSync(path);
  return readOpened(file, maxBytes);
}

/** An open file, as Deno or Node has it. */
export interface OpenedFile {
  /** Looks at the file. */
  statSync(): Pick<Deno.FileInfo, "isFile" | "size">;
  /** Reads on; `null` at the end. */
  readSync(buffer: Uint8Array): number | null;
}

/**
 * Reads an opened file as {@linkcode readBounded} does.
 *
 * @param file The file.
 * @param maxBytes The most bytes to take.
 * @returns Its bytes.
 * @throws See {@linkcode readBounded}.
 */
export function readOpened(
  file: OpenedFile,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const found = file.statSync();
  requireFile(found);
  if (found.size > maxBytes) throw tooLarge(maxBytes);
  // A byte more than the file claims to have shows its end in the same read.
  let bytes = new Uint8Array(found.size + 1);
  let length = 0;
  while (true) {
    const count = file.readSync(bytes.subarray(length));
    if (count === null) return bytes.subarray(0, length);
    length += count;
    if (length > maxBytes) throw tooLarge(maxBytes);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(
      Math.min(maxBytes + 1, Math.max(4096, 2 * length)),
    );
    larger.set(bytes);
    bytes = larger;
  }
}

function requireFile({ isFile }: Pick<Deno.FileInfo, "isFile">): void {
  if (!isFile) throw new TypeError("it is not a file");
}

function tooLarge(maxBytes: number): TypeError {
  return new TypeError(`it is over ${maxBytes} bytes`);
}
