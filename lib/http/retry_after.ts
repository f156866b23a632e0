/**
 * Reads how long a server asks to wait.
 *
 * A date is held against the response's own `Date` header where there is one: at
 * first boot the machine's clock may be wrong by years.
 *
 * @param headers The response's headers, by lower-case name.
 * @param nowMs The machine's time, in milliseconds since 1970.
 * @returns The wait in milliseconds, or `undefined` if there is none that can be read.
 */
export function parseRetryAfter(
  headers: ReadonlyMap<string, string>,
  nowMs: number,
): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const now = Date.parse(headers.get("date") ?? "");
  return Math.max(0, until - (Number.isNaN(now) ? nowMs : now));
}
