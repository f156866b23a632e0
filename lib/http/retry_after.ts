/** The one form of a date that RFC 9110 lets a server send; `Date.parse` takes nearly anything. */
const HTTP_DATE_REGEXP =
  /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

/** The longest wait that a server gets, in milliseconds: one slip must not cost the whole time-out. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Reads how long a server asks to wait.
 *
 * A date is compared with the response's own `Date` header and counts only where there
 * is one: at first boot the machine's clock may be wrong by years.
 *
 * @param headers The response's headers, by lower-case name.
 * @returns The wait in milliseconds, up to two minutes, or `undefined` if there is none
 * that can be read.
 */
export function parseRetryAfter(
  headers: ReadonlyMap<string, string>,
): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  const asked = /^[0-9]{1,9}$/.test(value)
    ? Number(value) * 1000
    : parseHttpDate(value) - parseHttpDate(headers.get("date") ?? "");
  if (Number.isNaN(asked)) return undefined;
  return Math.min(LONGEST_WAIT_MS, Math.max(0, asked));
}

function parseHttpDate(value: string): number {
  return HTTP_DATE_REGEXP.test(value) ? Date.parse(value) : NaN;
}
