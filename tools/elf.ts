const ELF_64_BIT_LITTLE_ENDIAN = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const HEADER_LENGTH = 64;

/**
 * Cuts off what was appended to an executable, as `deno compile` appends a
 * program to denort. The section headers are the last thing in the file that
 * the ELF format knows of.
 *
 * @param executable A 64-bit ELF file.
 * @returns The file without what follows its section headers: a view, no copy.
 * @throws {Error} If this is no such file or it is cut short.
 */
export function withoutAppended(
  executable: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (
    executable.length < HEADER_LENGTH ||
    ELF_64_BIT_LITTLE_ENDIAN.some((byte, i) => executable[i] !== byte)
  ) {
    throw new Error(
      "Cannot read the executable: it is no 64-bit little-endian ELF file",
    );
  }
  const header = new DataView(
    executable.buffer,
    executable.byteOffset,
    HEADER_LENGTH,
  );
  const sectionHeaders = Number(header.getBigUint64(0x28, true));
  const sectionHeaderLength = header.getUint16(0x3a, true);
  const sectionCount = header.getUint16(0x3c, true);
  const end = sectionHeaders + sectionHeaderLength * sectionCount;
  if (sectionHeaders < HEADER_LENGTH || end > executable.length) {
    throw new Error(
      `Cannot read the executable: its section headers end at "${end}" of "${executable.length}" bytes`,
    );
  }
  return executable.subarray(0, end);
}
