import { assertEquals, assertThrows } from "@std/assert";
import { encodeRequest } from "../../lib/http/encode_request.ts";
import type { HttpRequest } from "../../lib/http/message.ts";

const ENDPOINT = { hostname: "168.63.129.16", port: 80 };

function encode(request: Partial<HttpRequest>): string {
  return new TextDecoder().decode(
    encodeRequest(
      { method: "GET", target: "/", headers: {}, ...request },
      ENDPOINT,
    ),
  );
}

Deno.test("encodeRequest() writes a GET without a body", () => {
  assertEquals(
    encode({ target: "/machine?comp=goalstate", headers: { "x-a": "b c" } }),
    "GET /machine?comp=goalstate HTTP/1.1\r\n" +
      "Host: 168.63.129.16\r\n" +
      "x-a: b c\r\n" +
      "Accept-Encoding: identity\r\n" +
      "Connection: close\r\n" +
      "\r\n",
  );
});

Deno.test("encodeRequest() writes a POST with its length in bytes", () => {
  assertEquals(
    encode({ method: "POST", target: "/a", body: "\u00e4\u{1f600}" }),
    "POST /a HTTP/1.1\r\n" +
      "Host: 168.63.129.16\r\n" +
      "Accept-Encoding: identity\r\n" +
      "Connection: close\r\n" +
      "Content-Length: 6\r\n" +
      "\r\n" +
      "\u00e4\u{1f600}",
  );
});

Deno.test("encodeRequest() gives an empty POST a length of 0", () => {
  assertEquals(
    encode({ method: "POST" }).endsWith("Content-Length: 0\r\n\r\n"),
    true,
  );
});

Deno.test("encodeRequest() names the port in Host unless it is 80", () => {
  const bytes = encodeRequest(
    { method: "GET", target: "/", headers: {} },
    { hostname: "::1", port: 8080 },
  );
  assertEquals(
    new TextDecoder().decode(bytes).split("\r\n")[1],
    "Host: [::1]:8080",
  );
});

Deno.test("encodeRequest() keeps its own Connection and Accept-Encoding", () => {
  const text = encode({
    headers: { "Connection": "keep-alive", "Accept-Encoding": "gzip" },
  });
  assertEquals(text.includes("keep-alive"), false);
  assertEquals(text.includes("gzip"), false);
});

for (
  const target of [
    "",
    "a",
    "http://a/",
    "*",
    "/a b",
    "/a\r\nX: y",
    "/a\n",
    "/\u00e4",
    "/\0",
    "/\x7f",
  ]
) {
  Deno.test(`encodeRequest() refuses the target ${JSON.stringify(target)}`, () => {
    assertThrows(
      () => encode({ target }),
      TypeError,
      "Cannot send the request target",
    );
  });
}

for (
  const [name, value] of [
    ["x-a", "b\r\nx-c: d"],
    ["x-a", "b\n"],
    ["x-a", "b\r"],
    ["x-a", "b\tc"],
    ["x-a", "\0"],
    ["x-a", "\x7f"],
    ["x-a", "\u00e4"],
    ["x-a", "\u010a"],
    ["", "b"],
    ["x a", "b"],
    ["x-a:", "b"],
    ["x-a\r\nx-b", "c"],
    ["x\u00e4", "b"],
  ] as const
) {
  Deno.test(`encodeRequest() refuses the header ${JSON.stringify(`${name}: ${value}`)}`, () => {
    assertThrows(
      () => encode({ headers: { [name]: value } }),
      TypeError,
      "Cannot send the header",
    );
  });
}

for (
  const headers of [
    { "x-a": "b", "X-A": "c" },
    { "host": "other" },
    { "content-length": "1" },
    { "connection": "keep-alive" },
  ]
) {
  Deno.test(`encodeRequest() refuses the header of ${JSON.stringify(headers)} that it would send twice`, () => {
    assertThrows(
      () => encode({ method: "POST", headers, body: "" }),
      TypeError,
      "twice",
    );
  });
}
