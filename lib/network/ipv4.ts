/**
 * Parses an IPv4 address in dotted form.
 *
 * @returns The address as a number; `undefined` if it is none.
 */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

/** Formats an IPv4 address in dotted form. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** Whether an address belongs to the local machine by definition. */
export function isLoopback(address: number): boolean {
  return address >>> 24 === 127;
}
