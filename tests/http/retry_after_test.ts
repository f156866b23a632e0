import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../lib/http/retry_after.ts";

function parse(retryAfter: string, date?: string): number | undefined {
  return parseRetryAfter(
    new Map([
      ["retry-after", retryAfter],
      ...(date === undefined ? [] : [["date", date]] as const),
    ]),
  );
}

for (
  const [text, ms] of [
    ["0", 0],
    ["1", 1000],
    ["120", 120_000],
    [" 5 ", 5000],
    ["007", 7000],
    ["121", 120_000],
    ["999999999", 120_000],
  ] as const
) {
  Deno.test(`parseRetryAfter() reads "${text}" as seconds`, () => {
    assertEquals(parse(text), ms);
  });
}

Deno.test("parseRetryAfter() finds nothing where there is no header", () => {
  assertEquals(parseRetryAfter(new Map()), undefined);
});

for (const date of [undefined, "today"]) {
  Deno.test(`parseRetryAfter() makes nothing of a date beside the Date ${date}, as the clock may be wrong by years`, () => {
    assertEquals(parse("Wed, 21 Oct 2015 07:28:30 GMT", date), undefined);
  });
}

Deno.test("parseRetryAfter() compares a date with the response's own Date", () => {
  assertEquals(
    parse("Sun, 01 Mar 2026 10:00:10 GMT", "Sun, 01 Mar 2026 10:00:00 GMT"),
    10_000,
  );
});

Deno.test("parseRetryAfter() does not wait for a date that is past", () => {
  const now = "Wed, 21 Oct 2015 07:28:00 GMT";
  assertEquals(parse("Wed, 21 Oct 2015 07:27:00 GMT", now), 0);
});

Deno.test("parseRetryAfter() waits no more than two minutes for a date", () => {
  const now = "Wed, 21 Oct 2015 07:28:00 GMT";
  assertEquals(parse("Fri, 31 Dec 9999 23:59:59 GMT", now), 120_000);
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
