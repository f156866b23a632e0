import fc from "fast-check";
import { bytesOf, latin1 } from "./_check_response.ts";
import { mutate, mutatedBytes, mutations } from "./_mutations.ts";

/** A response, and what a client must make of it. */
export interface WrittenResponse {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** Lines that do not belong into a response, or not everywhere. */
export const NASTY_LINES: readonly string[] = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 100 Continue",
  "HTTP/1.1 204 No Content",
  "HTTP/1.1 304 Not Modified",
  "HTTP/2 200",
  "HTTP/1.1 099 x",
  "http/1.1 200 OK",
  "HTTP/1.1  200",
  "Content-Length: 0",
  "Content-Length: 3",
  "Content-Length: 3, 3",
  "Content-Length: 3, 4",
  "Content-Length:",
  "Content-Length: -1",
  "Content-Length: +3",
  "Content-Length: 0x3",
  "Content-Length: 3.0",
  "Content-Length: 1e1",
  "Content-Length: 999999999999999",
  "Content-Length: 99999999999999999999",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding:",
  "Transfer-Encoding: identity",
  "Transfer-Encoding: \x0bchunked",
  "Content-Encoding: gzip",
  "Content-Encoding: identity",
  "Content-Encoding: identity, identity",
  "Retry-After: 9999999999",
  "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
  " folded",
  "A : b",
  ": b",
  "A",
  "A: \0",
  "A: b\rC: d",
  "__proto__: x",
  "constructor: x",
  "\xe4: \xff",
  "A: \x1b[2J\x9b",
  "",
  "0",
  "00000000",
  "1",
  "3",
  "3;a=b",
  "3 ;",
  "3 x",
  "-3",
  "+3",
  "0x3",
  "ffffffff",
  "100000000",
  "7fffffffffffffff",
];

const eol = fc.constantFrom("\r\n", "\r\n", "\n");
const bodyText = fc.uint8Array({ maxLength: 200 }).map(latin1);
const headerText = fc.string({ maxLength: 20 }).map((text) => text.trim());
const header = fc.tuple(
  fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/),
  headerText,
);

/** A response that is as it should be. */
export const response: fc.Arbitrary<WrittenResponse> = fc.record({
  eol,
  interim: fc.array(fc.constantFrom("100 Continue", "103 Early Hints"), {
    maxLength: 2,
  }),
  status: fc.oneof(
    fc.constantFrom(200, 410, 429, 503),
    fc.integer({ min: 200, max: 999 }),
  ),
  reason: headerText,
  headers: fc.array(header, { maxLength: 4 }),
  framing: fc.constantFrom(...["length", "chunked", "end"] as const),
  body: bodyText,
  sizes: fc.array(fc.integer({ min: 1, max: 60 }), {
    minLength: 1,
    maxLength: 4,
  }),
  extension: fc.constantFrom("", "", ";a", " ;a=b", ";\t\xff"),
  trailers: fc.array(header, { maxLength: 2 }),
  after: fc.constantFrom("", "", "HTTP/1.1 200 OK\r\n\r\n", "\0"),
}).map((parts) => {
  const { eol, status, reason, framing } = parts;
  const lines = parts.interim.flatMap((line) => [`HTTP/1.1 ${line}`, ""]);
  lines.push(`HTTP/1.1 ${status} ${reason}`);
  for (const [name, value] of parts.headers) lines.push(`${name}: ${value}`);
  const hasBody = status !== 204 && status !== 304;
  let tail = parts.body;
  if (framing === "length") {
    lines.push(`content-length:${parts.body.length}`);
    tail += parts.after;
  } else if (framing === "chunked") {
    lines.push("Transfer-Encoding: Chunked");
    tail = chunked(parts) + parts.after;
  }
  return {
    bytes: bytesOf(lines.join(eol) + eol + eol + tail),
    status,
    reason,
    body: hasBody ? parts.body : "",
  };
});

function chunked(parts: {
  readonly eol: string;
  readonly body: string;
  readonly sizes: readonly number[];
  readonly extension: string;
  readonly trailers: readonly (readonly [string, string])[];
}): string {
  const { eol, body, sizes, extension, trailers } = parts;
  let text = "";
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const piece = body.slice(at, at + sizes[turn % sizes.length]!);
    text += piece.length.toString(16) + extension + eol + piece + eol;
    at += piece.length;
  }
  const fields = trailers.map(([name, value]) => `${name}: ${value}${eol}`);
  return `${text}0${extension}${eol}${fields.join("")}${eol}`;
}

/** A response with one to six of its lines changed. */
const responseOfBrokenLines = fc.tuple(
  response,
  mutations(
    fc.tuple(fc.constantFrom(...NASTY_LINES), eol)
      .map(([line, end]) => line + end),
  ),
).map(([{ bytes }, changes]) =>
  bytesOf(
    mutate(latin1(bytes).match(/[^\n]*\n|[^\n]+$/g) ?? [], changes).join(""),
  )
);

/** Responses with a few of their lines or bytes changed, and mere bytes. */
export const brokenResponse: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: responseOfBrokenLines },
  { weight: 4, arbitrary: mutatedBytes(response.map(({ bytes }) => bytes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);
