/**
 * Unpacks denort: out of a tar archive, and from under the program appended to it.
 *
 * @module
 */

const BLOCK = 512;
const REGULAR_FILE = ["0", "\0"];

/**
 * Finds a file in an uncompressed tar archive, as npm makes them.
 *
 * @returns The file's bytes: a view, not a copy.
 * @throws {Error} If the archive is truncated or has no such file.
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

const ELF_64_BIT_LITTLE_ENDIAN = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const ELF_HEADER_LENGTH = 64;

/**
 * Cuts off what `deno compile` appended to a 64-bit ELF executable. ELF knows nothing
 * behind the section headers, which are the last thing in denort.
 *
 * @returns The bytes up to the end of the section headers: a view, not a copy.
 * @throws {Error} If it is no such executable, or truncated.
 */
export function withoutAppended(
  executable: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (
    executable.length < ELF_HEADER_LENGTH ||
    ELF_64_BIT_LITTLE_ENDIAN.some((byte, i) => executable[i] !== byte)
  ) {
    throw new Error(
      "Cannot read the executable: it is not a 64-bit little-endian ELF file",
    );
  }
  const header = new DataView(
    executable.buffer,
    executable.byteOffset,
    ELF_HEADER_LENGTH,
  );
  const sectionHeaders = Number(header.getBigUint64(0x28, true));
  const sectionHeaderLength = header.getUint16(0x3a, true);
  const sectionCount = header.getUint16(0x3c, true);
  const end = sectionHeaders + sectionHeaderLength * sectionCount;
  if (sectionHeaders < ELF_HEADER_LENGTH || end > executable.length) {
    throw new Error(
      `Cannot read the executable: its section headers end at "${end}" of "${executable.length}" bytes`,
    );
  }
  return executable.subarray(0, end);
}
