import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { HttpResponse } from "../../lib/http/message.ts";
import {
  createResponseReader,
  ResponseError,
  type ResponseReaderOptions,
} from "../../lib/http/response_reader.ts";

/** Reads pieces as if each came with a read of its own, and then the connection's end. */
function read(
  pieces: readonly Uint8Array[],
  options: Partial<ResponseReaderOptions> = {},
): HttpResponse {
  const reader = createResponseReader({ maxBodyBytes: 1000, ...options });
  for (const piece of pieces) {
    const response = reader.push(piece);
    if (response !== undefined) return response;
  }
  return reader.end();
}

/** Every character is one byte. */
function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}

interface Plain {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function plain(response: HttpResponse): Plain {
  return {
    status: response.status,
    reason: response.reason,
    headers: Object.fromEntries(response.headers),
    body: new TextDecoder().decode(response.body),
  };
}

const OK: Plain = { status: 200, reason: "OK", headers: {}, body: "" };

const GOOD: Readonly<Record<string, readonly [text: string, Plain]>> = {
  "a body of a length": [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    { ...OK, headers: { "content-length": "5" }, body: "hello" },
  ],
  "an empty body": [
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    { ...OK, headers: { "content-length": "0" } },
  ],
  "the same length twice": [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2, 2\r\n\r\nhi",
    { ...OK, headers: { "content-length": "2, 2, 2" }, body: "hi" },
  ],
  "what comes after the body, by leaving it": [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, there",
    { ...OK, headers: { "content-length": "2" }, body: "hi" },
  ],
  "a body that ends with the connection": [
    "HTTP/1.0 200 OK\r\nA: b\r\n\r\nhello\n",
    { ...OK, headers: { a: "b" }, body: "hello\n" },
  ],
  "no body that ends with the connection": [
    "HTTP/1.1 200 OK\r\n\r\n",
    OK,
  ],
  "a body in chunks": [
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n,\r\nB \r\n\r\n\r\n world!\r\n0\r\n\r\n",
    {
      ...OK,
      headers: { "transfer-encoding": "chunked" },
      body: "hello,\r\n\r\n world!",
    },
  ],
  "chunk extensions, leading zeros and trailers": [
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0005;a=b\r\nhello\r\n000 ;c\r\nX: y\r\nZ: z\r\n\r\n",
    { ...OK, headers: { "transfer-encoding": "Chunked" }, body: "hello" },
  ],
  "chunks before a length": [
    "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    {
      ...OK,
      headers: { "content-length": "99", "transfer-encoding": "chunked" },
      body: "x",
    },
  ],
  "lines that end with a line feed alone": [
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n",
    { ...OK, headers: { "transfer-encoding": "chunked" }, body: "hi" },
  ],
  "interim responses, by passing over them": [
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
    { ...OK, headers: { "content-length": "1" }, body: "x" },
  ],
  "no reason phrase": [
    "HTTP/1.1 410\r\nContent-Length: 0\r\n\r\n",
    { status: 410, reason: "", headers: { "content-length": "0" }, body: "" },
  ],
  "an empty reason phrase": [
    "HTTP/1.1 410 \r\nContent-Length: 0\r\n\r\n",
    { status: 410, reason: "", headers: { "content-length": "0" }, body: "" },
  ],
  "a status without a body, whatever its length": [
    "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
    {
      status: 204,
      reason: "No Content",
      headers: { "content-length": "5" },
      body: "",
    },
  ],
  "304 without a body": [
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    {
      status: 304,
      reason: "Not Modified",
      headers: { "content-length": "5" },
      body: "",
    },
  ],
  "headers in any case, with blanks, repeated": [
    "HTTP/1.1 200 OK\r\nX-A:b\r\nx-a: \t c d \t\r\nEmpty:\r\ncontent-LENGTH: 0\r\n\r\n",
    {
      ...OK,
      headers: { "x-a": "b, c d", "empty": "", "content-length": "0" },
    },
  ],
  "the identity coding": [
    "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
    {
      ...OK,
      headers: { "content-encoding": "identity", "content-length": "1" },
      body: "x",
    },
  ],
  "bytes that are not UTF-8": [
    "HTTP/1.1 200 \xe4\r\nA: \xff\r\nContent-Length: 0\r\n\r\n",
    {
      status: 200,
      reason: "\xe4",
      headers: { a: "\xff", "content-length": "0" },
      body: "",
    },
  ],
};

for (const [what, [text, expected]] of Object.entries(GOOD)) {
  Deno.test(`createResponseReader() takes ${what}, however it is split`, () => {
    const bytes = bytesOf(text);
    assertEquals(plain(read([bytes])), expected);
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      assertEquals(plain(read(pieces)), expected, `split at ${at}`);
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assertEquals(plain(read(single)), expected);
  });
}

const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

const BAD: Readonly<
  Record<
    string,
    readonly [text: string, message: RegExp, ended?: "truncated"]
  >
> = {
  "no answer": ["", /^The server closed the connection without/, "truncated"],
  "half a status line": ["HTTP/1.1 2", /within its status line$/, "truncated"],
  "half a head": [`${HEAD}A: b\r\n`, /within its headers$/, "truncated"],
  "an interim response alone": [
    "HTTP/1.1 100 Continue\r\n\r\n",
    /within its status line$/,
    "truncated",
  ],
  "a body under its length": [
    `${HEAD}Content-Length: 6\r\n\r\nhello`,
    /within its sized body$/,
    "truncated",
  ],
  "a cut chunk": [`${CHUNKED}5\r\nhel`, /within its chunk$/, "truncated"],
  "a cut chunk size": [`${CHUNKED}5`, /within its chunk size$/, "truncated"],
  "no last chunk": [
    `${CHUNKED}2\r\nhi\r\n`,
    /within its chunk size$/,
    "truncated",
  ],
  "no end of trailers": [
    `${CHUNKED}0\r\n`,
    /within its trailers$/,
    "truncated",
  ],
  "another protocol": ["SSH-2.0-OpenSSH\r\n", /not HTTP: "SSH-2\.0-OpenSSH"$/],
  "HTTP/2": ["HTTP/2 200\r\n", /not HTTP/],
  "HTML without a head": ["<html>\r\n", /not HTTP: "<html>"$/],
  "an empty line in front": ["\r\nHTTP/1.1 200 OK\r\n\r\n", /not HTTP: ""$/],
  "a status of two digits": ["HTTP/1.1 20 OK\r\n", /not HTTP/],
  "a status of four digits": ["HTTP/1.1 2000 OK\r\n", /not HTTP/],
  "a status under 100": ["HTTP/1.1 099 OK\r\n", /not HTTP/],
  "a long line that is not HTTP, which it cuts": [
    `${"x".repeat(500)}\r\n`,
    /^The response is not HTTP: "x{80}\.\.\."$/,
  ],
  "a header without a colon": [`${HEAD}A\r\n`, /the invalid header "A"$/],
  "a header without a name": [`${HEAD}: a\r\n`, /the invalid header ": a"$/],
  "a blank before the colon": [`${HEAD}A : b\r\n`, /the invalid header/],
  "a folded header": [`${HEAD}A: b\r\n c\r\n`, /the invalid header " c"$/],
  "a bare carriage return in a header": [
    `${HEAD}A: b\rC: d\r\n`,
    /the invalid header/,
  ],
  "a gzip body": [
    `${HEAD}Content-Encoding: GZIP\r\nContent-Length: 1\r\n\r\nx`,
    /the content coding "gzip"/,
  ],
  "an unknown transfer coding": [
    `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    /the unknown transfer coding "gzip, chunked"$/,
  ],
  "chunks twice over": [
    `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    /the unknown transfer coding/,
  ],
  ...Object.fromEntries(
    ["-1", "+1", "1x", "0x1", "1.0", "1e2", "", "1 1", "1, 2", "9".repeat(16)]
      .map((length) => [
        `the Content-Length "${length}"`,
        [
          `${HEAD}Content-Length: ${length}\r\n\r\n`,
          /the invalid Content-Length/,
        ],
      ]),
  ),
  ...Object.fromEntries(
    ["-1", "+1", "", "x", "0x1", " 1", "1g", "fffffffff"].map((size) => [
      `the chunk size "${size}"`,
      [`${CHUNKED}${size}\r\nhi`, /has a chunk of the size/],
    ]),
  ),
  "a chunk over its size": [
    `${CHUNKED}2\r\nhiho\r\n`,
    /A chunk of the response is over its size/,
  ],
  "a length over the limit": [
    `${HEAD}Content-Length: 1001\r\n\r\n`,
    /^The body of the response is over 1000 bytes$/,
  ],
  "an enormous length": [
    `${HEAD}Content-Length: 999999999999999\r\n\r\n`,
    /over 1000 bytes$/,
  ],
  "a chunk over the limit": [`${CHUNKED}3e9\r\n`, /over 1000 bytes$/],
  "an enormous chunk": [`${CHUNKED}ffffffff\r\n`, /over 1000 bytes$/],
  "chunks that together are over the limit": [
    `${CHUNKED}3e8\r\n${"x".repeat(1000)}\r\n1\r\n`,
    /over 1000 bytes$/,
  ],
  "a body over the limit that ends with the connection": [
    `${HEAD}\r\n${"x".repeat(1001)}`,
    /over 1000 bytes$/,
  ],
  "headers over the limit": [
    `${HEAD}A: ${"x".repeat(65_536)}`,
    /^The headers of the response are over 65536 bytes$/,
  ],
  "many small headers over the limit": [
    HEAD + "A: b\r\n".repeat(11_000),
    /over 65536 bytes$/,
  ],
  "interim responses over the limit": [
    "HTTP/1.1 100 Continue\r\n\r\n".repeat(3000),
    /over 65536 bytes$/,
  ],
  "trailers over the limit": [
    `${CHUNKED}0\r\n${"A: b\r\n".repeat(11_000)}`,
    /over 65536 bytes$/,
  ],
  "a chunk extension over the limit": [
    `${CHUNKED}1;${"x".repeat(66_000)}`,
    /over 65536 bytes$/,
  ],
};

for (const [what, [text, message, ended]] of Object.entries(BAD)) {
  Deno.test(`createResponseReader() rejects ${what}`, () => {
    const error = assertThrows(() => read([bytesOf(text)]), ResponseError);
    assertMatch(error.message, message);
    assertEquals(error.truncated, ended === "truncated");
    assert(error.message.length < 250, "it quotes too much");
  });
}

Deno.test("createResponseReader() takes bodies of exactly the limit", () => {
  const body = "x".repeat(1000);
  for (
    const head of [
      `${HEAD}Content-Length: 1000\r\n\r\n${body}`,
      `${HEAD}\r\n${body}`,
      `${CHUNKED}3e8\r\n${body}\r\n0\r\n\r\n`,
    ]
  ) {
    assertEquals(plain(read([bytesOf(head)])).body, body);
  }
});

Deno.test("createResponseReader() keeps no reference to the bytes it was given", () => {
  const reader = createResponseReader({ maxBodyBytes: 10 });
  const buffer = bytesOf(`${HEAD}\r\nhi`);
  reader.push(buffer);
  buffer.fill(0);
  assertEquals(plain(reader.end()).body, "hi");
});

Deno.test("createResponseReader() keeps a large body of many pieces in order", () => {
  const pieces = Array.from(
    { length: 300 },
    (_, index) => `${index},`.repeat(50),
  );
  const response = read(
    [bytesOf(`${HEAD}\r\n`), ...pieces.map(bytesOf)],
    { maxBodyBytes: 1024 * 1024 },
  );
  assertEquals(plain(response).body, pieces.join(""));
});

Deno.test("createResponseReader() reads the longest header in no time, whatever it holds", () => {
  const text = `${HEAD}A: x${" ".repeat(65_000)}y\r\n\r\n`;
  const before = performance.now();
  read([bytesOf(text)]);
  assert(performance.now() - before < 1000, "it takes quadratic time");
});
