import { assert } from "@std/assert";

/**
 * Characters that a line of the log must not hold as they are: they end it, move
 * the cursor, turn the text around, or cannot be seen. First and last of each range.
 */
const UNPRINTABLE: readonly (readonly [number, number])[] = [
  [0x0000, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad],
  [0x061c, 0x061c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0001, 0xe0001],
  [0xe0020, 0xe007f],
];

/**
 * Says whether a text can be shown as it is.
 *
 * @returns Whether it holds no control, half or invisible character.
 */
export function isPrintable(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0x20 && code < 0x7f) continue;
    if (UNPRINTABLE.some(([first, last]) => code >= first && code <= last)) {
      return false;
    }
  }
  return true;
}

/**
 * Checks the message of an error: it quotes others' words, but not for ever.
 */
export function checkMessage(message: string): void {
  assert(message !== "", "the message is empty");
  assert(message.length <= 600, `the message has ${message.length} characters`);
}
