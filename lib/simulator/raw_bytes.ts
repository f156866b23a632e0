import type { Reply } from "./reply.ts";

/** The first of 256 characters that nothing else uses, each in the place of a byte. */
const PLACEHOLDER = 0xE000;

/** Text that stands for bytes, whatever they are, until {@linkcode withRawBytes}. */
export function raw(...bytes: readonly number[]): string {
  return String.fromCodePoint(...bytes.map((byte) => PLACEHOLDER + byte));
}

/** The same answer with the bytes in place of the text that stands for them. */
export function withRawBytes(reply: Reply): Reply {
  const { body } = reply;
  const bytes: number[] = [];
  for (let at = 0; at < body.length; at++) {
    const [first = 0, second = 0, third = 0] = body.subarray(at, at + 3);
    if (first === 0xEE && second >= 0x80 && second <= 0x83) {
      bytes.push((second & 0x03) << 6 | third & 0x3F);
      at += 2;
    } else {
      bytes.push(first);
    }
  }
  return { ...reply, body: Uint8Array.from(bytes) };
}
