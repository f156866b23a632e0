/**
 * Computes a SHA-256.
 *
 * @param bytes What to compute it of.
 * @returns The hash in lower-case hexadecimal digits.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
