import { assertEquals, assertThrows } from "@std/assert";
import { responseText, statusLine } from "../../lib/http/message.ts";

function textOf(...body: number[]): string {
  return responseText({
    status: 200,
    reason: "OK",
    headers: new Map(),
    body: Uint8Array.from(body),
  });
}

Deno.test("responseText() reads UTF-8", () => {
  assertEquals(textOf(0x61, 0xc3, 0xa4), "a\u00e4");
  assertEquals(textOf(), "");
});

Deno.test("responseText() keeps a byte order mark in front, for whoever prints what came", () => {
  assertEquals(textOf(0xef, 0xbb, 0xbf, 0x61), "\ufeffa");
});

Deno.test("responseText() refuses what is not UTF-8", () => {
  for (const body of [[0xff, 0xfe, 0x61, 0x00], [0xe4], [0xc3], [0xc0, 0x80]]) {
    assertThrows(() => textOf(...body), TypeError, "not UTF-8");
  }
});

Deno.test("statusLine() writes a status without a reason as a number alone", () => {
  const response = { status: 503, headers: new Map(), body: new Uint8Array() };
  assertEquals(
    statusLine({ ...response, reason: "Service Unavailable" }),
    "503 Service Unavailable",
  );
  assertEquals(statusLine({ ...response, reason: "" }), "503");
});
