/** Small archives, executables and folders for the tests of `tools`. */

import { ownTarget, type Target } from "../../tools/build/target.ts";

/** This machine's target; the tests run nowhere else. */
export const target: Target = ownTarget!;

/** Makes a folder, which is removed with its contents when it goes out of scope. */
export async function temporaryFolder(): Promise<
  AsyncDisposable & { path: string }
> {
  const path = await Deno.makeTempDir({ prefix: "tools test " });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Makes a tar archive of entries, in that order. */
export function makeTar(
  entries: { path: string; content: Uint8Array; type?: string }[],
): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(({ path, content, type = "0" }) => {
    const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
    const write = (text: string, at: number) =>
      block.set(new TextEncoder().encode(text), at);
    write(path, 0);
    write(content.length.toString(8).padStart(11, "0"), 124);
    write(type, 156);
    write("ustar\u000000", 257);
    block.set(content, 512);
    return [...block];
  });
  return new Uint8Array([...blocks, ...new Array(1024).fill(0)]);
}

/**
 * Makes a file with the headers of an ELF file.
 *
 * @param body The number of bytes between its header and its section headers.
 * @param appended The text behind its section headers.
 */
export function makeElf(
  body: number,
  appended: string,
): Uint8Array<ArrayBuffer> {
  const end = 64 + body + 3 * 64;
  const bytes = new Uint8Array(end + appended.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setBigUint64(0x28, BigInt(64 + body), true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 3, true);
  bytes.set(new TextEncoder().encode(appended), end);
  return bytes;
}
