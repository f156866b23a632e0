/** The code of the DHCP option in which Azure names WireServer. */
export const OPTION_245 = 245;

/**
 * Returns the address that four bytes stand for, such as `168.63.129.16`.
 *
 * @param hex The bytes, in one or two hexadecimal digits each.
 * @returns `undefined` if they are not four such bytes.
 */
export function addressFrom(
  hex: readonly string[] | null | undefined,
): string | undefined {
  return hex?.length === 4 && hex.every((it) => /^[\da-f]{1,2}$/i.test(it))
    ? hex.map((it) => parseInt(it, 16)).join(".")
    : undefined;
}

/** Turns a parser of text into one of bytes. */
export function inText(
  parse: (text: string) => string | undefined,
): (bytes: Uint8Array) => string | undefined {
  return (bytes) => parse(new TextDecoder().decode(bytes));
}
