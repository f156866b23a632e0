import { assertEquals } from "@std/assert";
import { createResponseReader } from "../../../lib/http/response_reader.ts";
import { bytesOf, HEAD, type Plain, plain, read } from "./_read.ts";

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
