import { assert, assertEquals } from "@std/assert";
import { bytesOf, CHUNKED, HEAD, plain, read } from "./_read.ts";
import { type Rejected, testRejected } from "./_rejected.ts";

const OVER: Rejected = {
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

testRejected(OVER);

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

Deno.test("createResponseReader() reads the longest header in no time, whatever it holds", () => {
  const text = `${HEAD}A: x${" ".repeat(65_000)}y\r\n\r\n`;
  const before = performance.now();
  read([bytesOf(text)]);
  assert(performance.now() - before < 1000, "it takes quadratic time");
});
