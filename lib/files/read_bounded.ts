/**
 * Reads a regular file of at most `maxBytes`, in a folder that only root can write. For
 * other folders, see `regular_file.ts` and `trusted_file.ts`.
 *
 * Nothing but a regular file is opened: opening a pipe would wait for its writer, and a
 * device may have no end. The limit holds whatever size the file claims to have, and
 * however it grows. Needs `--allow-read` for the path.
 *
 * @param path The file, or a link to it.
 * @param maxBytes The limit.
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

/** An open file of Deno or Node. */
export interface OpenedFile {
  /** Returns the file's kind and size. */
  statSync(): Pick<Deno.FileInfo, "isFile" | "size">;
  /** Reads on; returns `null` at the end. */
  readSync(buffer: Uint8Array): number | null;
}

/**
 * Reads an open file as {@linkcode readBounded} does.
 *
 * @throws See {@linkcode readBounded}.
 */
export function readOpened(
  file: OpenedFile,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const info = file.statSync();
  requireFile(info);
  if (info.size > maxBytes) throw tooLarge(maxBytes);
  // One byte more than the file's size shows its end in the same read.
  let bytes = new Uint8Array(info.size + 1);
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

/**
 * Reads a stream of at most `maxBytes`, such as standard input.
 *
 * @throws {TypeError} If it is longer; the message is the end of a sentence.
 */
export async function readStreamBounded(
  stream: { read(buffer: Uint8Array): Promise<number | null> },
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(maxBytes + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = await stream.read(bytes.subarray(length));
    if (count === null) return bytes.subarray(0, length);
    length += count;
  }
  throw tooLarge(maxBytes);
}

function requireFile({ isFile }: Pick<Deno.FileInfo, "isFile">): void {
  if (!isFile) throw new TypeError("it is not a file");
}

function tooLarge(maxBytes: number): TypeError {
  return new TypeError(`it is over ${maxBytes} bytes`);
}
