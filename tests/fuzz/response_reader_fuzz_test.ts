import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseRetryAfter } from "../../lib/http/failure.ts";
import {
  createResponseReader,
  ResponseError,
} from "../../lib/http/response_reader.ts";
import { attempt } from "./_attempt.ts";
import { bytesOf, checkResponse, USUAL_LIMITS } from "./_check_response.ts";
import { fuzz } from "./_fuzz.ts";
import type { ModelLimits } from "./_http_model.ts";
import { brokenResponse, NASTY_LINES, response } from "./_responses.ts";
import { text } from "./_texts.ts";

const room = "HTTP reader";

const sizes = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
);

const limits: fc.Arbitrary<ModelLimits> = fc.oneof(
  fc.constant(USUAL_LIMITS),
  fc.record({
    maxBodyBytes: fc.integer({ min: 0, max: 300 }),
    maxHeadBytes: fc.integer({ min: 0, max: 400 }),
  }),
);

fuzz("createResponseReader() reads a response, however it is cut", {
  room,
  runs: 1000,
  input: fc.tuple(response, sizes),
  check: ([{ bytes, status, reason, body }, sizes]) => {
    const result = checkResponse(bytes, sizes);
    assert(result.kind === "response");
    assertEquals(
      { status: result.status, reason: result.reason, body: result.body },
      { status, reason, body },
    );
  },
});

fuzz(
  "createResponseReader() gives the same, wherever a response is cut in two",
  {
    room,
    runs: 10,
    input: fc.tuple(
      fc.oneof(response.map(({ bytes }) => bytes), brokenResponse),
      limits,
    ),
    check: ([bytes, limits]) => {
      for (let at = 1; at < bytes.length; at++) {
        checkResponse(bytes, [at, bytes.length], limits);
      }
    },
  },
);

fuzz("createResponseReader() makes of broken responses what the model does", {
  room,
  runs: 2670,
  input: fc.tuple(brokenResponse, sizes, limits),
  check: ([bytes, sizes, limits]) => checkResponse(bytes, sizes, limits),
});

fuzz("createResponseReader() ends a response without end at its limits", {
  room,
  runs: 230,
  input: fc.tuple(
    fc.constantFrom(
      "",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    ),
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.constantFrom(
        "1\r\nx\r\n",
        "5\r\nhello\r\n",
        "A: b\r\n",
        "x",
        " ",
        "0",
        "\r",
        "HTTP/1.1 100 Continue\r\n\r\n",
        ...NASTY_LINES.map((line) => `${line}\r\n`),
      ).map(bytesOf),
    ),
  ),
  check: ([head, repeated]) => {
    const limits = { maxBodyBytes: 2000, maxHeadBytes: 1000 };
    const start = bytesOf(head);
    const count = Math.ceil(4000 / repeated.length);
    const ended = attempt(() => {
      const reader = createResponseReader(limits);
      if (reader.push(start) !== undefined) return true;
      for (let i = 0; i < count; i++) {
        if (reader.push(repeated) !== undefined) return true;
      }
      return false;
    }, ResponseError);
    assert(!ended.ok || ended.value, "it would read on for ever");
  },
});

const HTTP_DATES = [
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "Sun, 06 Nov 1994 08:49:37 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "Xxx, 99 Yyy 0000 99:99:99 GMT",
  "Sat, 31 Feb 2026 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:49:60 GMT",
];

fuzz("parseRetryAfter() gives a wait, or nothing", {
  room,
  runs: 500,
  input: fc.tuple(
    fc.oneof(
      text,
      fc.nat().map(String),
      fc.bigInt().map(String),
      fc.double().map(String),
      fc.constantFrom(...HTTP_DATES),
      fc.date().map((date) => String(date)),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    ),
    fc.option(fc.oneof(text, fc.constantFrom(...HTTP_DATES)), {
      nil: undefined,
    }),
  ),
  check: ([value, date]) => {
    const headers = new Map([["retry-after", value]]);
    if (date !== undefined) headers.set("date", date);
    const outcome = attempt(() => parseRetryAfter(headers));
    assert(outcome.ok);
    const wait = outcome.value;
    if (/^[0-9]{1,9}$/.test(value)) {
      assertEquals(wait, Math.min(120, Number(value)) * 1000);
    } else if (date === undefined) assertEquals(wait, undefined);
    if (wait === undefined) return;
    assert(Number.isSafeInteger(wait) && wait >= 0 && wait <= 120_000);
  },
});
