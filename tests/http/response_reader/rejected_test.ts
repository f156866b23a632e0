import { CHUNKED, HEAD } from "./_read.ts";
import { type Rejected, testRejected } from "./_rejected.ts";

const BAD: Rejected = {
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
  "a line of the body in the place of a chunk's size, of which it quotes little":
    [
      `${CHUNKED}c2VjcmV0LXNlY3JldA==\r\n`,
      /has a chunk of the size "c2VjcmV0\.\.\."$/,
    ],
  "a chunk over its size": [
    `${CHUNKED}2\r\nhiho\r\n`,
    /A chunk of the response is over its size/,
  ],
};

testRejected(BAD);
