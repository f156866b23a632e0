/**
 * Names a character for a message: in quotes if it is visible ASCII, otherwise by its
 * code point, such as `U+0020`.
 *
 * @param character One character, not empty.
 */
export function describeCharacter(character: string): string {
  const codePoint = character.codePointAt(0)!;
  return codePoint > 0x20 && codePoint < 0x7f
    ? `"${character}"`
    : `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}
