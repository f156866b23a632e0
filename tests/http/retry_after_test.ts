import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../lib/http/retry_after.ts";

const NOW = Date.parse("2015-10-21T07:28:00Z");

function parse(retryAfter: string, date?: string): number | undefined {
  return parseRetryAfter(
    new Map([
      ["retry-after", retryAfter],
      ...(date === undefined ? [] : [["date", date]] as const),
    ]),
    NOW,
  );
}

for (
  const [text, ms] of [
    ["0", 0],
    ["1", 1000],
    ["120", 120_000],
    [" 5 ", 5000],
    ["007", 7000],
    ["999999999", 999_999_999_000],
  ] as const
) {
  Deno.test(`parseRetryAfter() reads "${text}" as seconds`, () => {
    assertEquals(parse(text), ms);
  });
}

Deno.test("parseRetryAfter() finds nothing where there is no header", () => {
  assertEquals(parseRetryAfter(new Map(), NOW), undefined);
});

Deno.test("parseRetryAfter() holds a date against the machine's clock", () => {
  assertEquals(parse("Wed, 21 Oct 2015 07:28:30 GMT"), 30_000);
});

Deno.test("parseRetryAfter() holds a date against the response's own Date, as the clock may be wrong by years", () => {
  assertEquals(
    parse("Sun, 01 Mar 2026 10:00:10 GMT", "Sun, 01 Mar 2026 10:00:00 GMT"),
    10_000,
  );
});

Deno.test("parseRetryAfter() takes the machine's clock if the response's Date is nonsense", () => {
  assertEquals(parse("Wed, 21 Oct 2015 07:28:30 GMT", "today"), 30_000);
});

Deno.test("parseRetryAfter() does not wait for a date that is past", () => {
  assertEquals(parse("Wed, 21 Oct 2015 07:27:00 GMT"), 0);
});

for (
  const text of [
    "",
    " ",
    "soon",
    "5 seconds",
    "1e3",
    "0x10",
    "9999999999",
    "-5",
    "1.5",
    "soon 5",
    "in 3000",
  ]
) {
  Deno.test(`parseRetryAfter() makes nothing of "${text}"`, () => {
    assertEquals(parse(text), undefined);
  });
}
