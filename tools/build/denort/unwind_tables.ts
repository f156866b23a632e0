/**
 * Takes the unwind tables out of a base executable: a program that aborts when it panics
 * needs none, and they only make a native backtrace possible.
 *
 * @module
 */

const PT_LOAD = 1;
const PT_GNU_EH_FRAME = 0x6474e550;
const PT_GNU_RELRO = 0x6474e552;

const SECTIONS = [".eh_frame_hdr", ".eh_frame"];

/**
 * Writes a base executable without its unwind tables. Needs `objcopy` of binutils.
 *
 * @param base The path of the executable, a 64-bit little-endian ELF file.
 * @param output The path of the result.
 * @throws {Error} If there is no `objcopy`, or it cannot do it. The message is the end of
 * a sentence.
 */
export async function withoutUnwindTables(
  base: string,
  output: string,
): Promise<void> {
  await objcopy([
    ...SECTIONS.map((name) => `--remove-section=${name}`),
    base,
    output,
  ]);
  const bytes = await Deno.readFile(output);
  restoreRelro(await Deno.readFile(base), bytes);
  await Deno.writeFile(output, bytes);
}

async function objcopy(args: readonly string[]): Promise<void> {
  try {
    const { success, stderr } = await new Deno.Command("objcopy", {
      args: [...args],
      env: { LC_ALL: "C" },
      stdin: "null",
    }).output();
    if (success) return;
    throw new Error(new TextDecoder().decode(stderr).trim());
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error('install "objcopy" (binutils) to take them out');
  }
}

/**
 * Gives an executable back the header by which the loader makes relocated data read-only
 * (RELRO). `objcopy` drops it when it moves segments, and leaves an empty header for the
 * unwind tables, which is the place for it. Where it keeps the header, nothing changes.
 *
 * @param before The executable that `objcopy` read.
 * @param after The one that it wrote; changed in place.
 * @throws {Error} If that is not what it did.
 */
export function restoreRelro(
  before: Uint8Array<ArrayBuffer>,
  after: Uint8Array<ArrayBuffer>,
): void {
  const [old, now] = [headersOf(before), headersOf(after)];
  const addresses = (all: readonly Header[]) =>
    all.filter(({ type }) => type === PT_LOAD).map(({ address }) => address)
      .join();
  if (addresses(old) !== addresses(now)) {
    throw new Error("objcopy moves what is loaded");
  }
  const relro = old.find(({ type }) => type === PT_GNU_RELRO);
  if (relro === undefined || now.some(({ type }) => type === PT_GNU_RELRO)) {
    return;
  }
  const place = now.find(({ type, fileSize }) =>
    type === PT_GNU_EH_FRAME && fileSize === 0n
  );
  const load = now.find(({ type, address, memorySize }) =>
    type === PT_LOAD && address <= relro.address &&
    relro.address < address + memorySize
  );
  if (place === undefined || load === undefined) {
    throw new Error("objcopy drops what makes relocated data read-only");
  }
  after.set(before.subarray(relro.at, relro.at + relro.length), place.at);
  const offset = load.offset + relro.address - load.address;
  viewOf(after).setBigUint64(place.at + 8, offset, true);
}

/** A program header (`Elf64_Phdr`). */
interface Header {
  /** Where it is in the file, in bytes. */
  readonly at: number;
  readonly length: number;
  readonly type: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
}

function headersOf(executable: Uint8Array<ArrayBuffer>): Header[] {
  const view = viewOf(executable);
  const first = Number(view.getBigUint64(0x20, true));
  const length = view.getUint16(0x36, true);
  return Array.from({ length: view.getUint16(0x38, true) }, (_, index) => {
    const at = first + index * length;
    return {
      at,
      length,
      type: view.getUint32(at, true),
      offset: view.getBigUint64(at + 8, true),
      address: view.getBigUint64(at + 16, true),
      fileSize: view.getBigUint64(at + 32, true),
      memorySize: view.getBigUint64(at + 40, true),
    };
  });
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
