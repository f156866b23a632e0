const BLOCK = 512;
const REGULAR_FILE = ["0", "\0"];

/**
 * Finds a file in a tar archive, as npm makes them.
 *
 * @param tar The archive, not compressed.
 * @param path The file's path inside it.
 * @returns The file's bytes: a view, no copy.
 * @throws {Error} If the archive is cut short or has no such file.
 */
export function readFromTar(
  tar: Uint8Array<ArrayBuffer>,
  path: string,
): Uint8Array<ArrayBuffer> {
  let position = 0;
  while (position + BLOCK <= tar.length) {
    const header = tar.subarray(position, position + BLOCK);
    if (header[0] === 0) break; // The archive ends with blocks of zeros.
    const start = position + BLOCK;
    const end = start + readSize(header);
    if (end > tar.length) {
      throw new Error(
        `Cannot read "${
          readPath(header)
        }" from the tar archive: the archive is cut short`,
      );
    }
    if (readPath(header) === path && REGULAR_FILE.includes(readType(header))) {
      return tar.subarray(start, end);
    }
    position = start + Math.ceil((end - start) / BLOCK) * BLOCK;
  }
  throw new Error(`Cannot find "${path}" in the tar archive`);
}

function readPath(header: Uint8Array): string {
  const prefix = readText(header, 345, 155);
  const name = readText(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function readType(header: Uint8Array): string {
  return String.fromCharCode(header[156] ?? 0);
}

function readSize(header: Uint8Array): number {
  const digits = readText(header, 124, 12).trim();
  if (!/^[0-7]+$/.test(digits)) {
    throw new Error(`Cannot read the size "${digits}" in the tar archive`);
  }
  return parseInt(digits, 8);
}

/** A field's text ends at its first zero byte. */
function readText(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
