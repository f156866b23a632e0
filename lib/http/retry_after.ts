/** The one form of a date that RFC 9110 lets a server send; `Date.parse` takes nearly anything. */
const HTTP_DATE_REGEXP =
  /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

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
  const until = parseHttpDate(value);
  if (Number.isNaN(until)) return undefined;
  const now = parseHttpDate(headers.get("date") ?? "");
  return Math.max(0, until - (Number.isNaN(now) ? nowMs : now));
}

function parseHttpDate(value: string): number {
  return HTTP_DATE_REGEXP.test(value) ? Date.parse(value) : NaN;
}
