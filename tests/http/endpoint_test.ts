import { assertEquals, assertThrows } from "@std/assert";
import { formatEndpoint, parseEndpoint } from "../../lib/http/endpoint.ts";

for (
  const [text, hostname, port] of [
    ["168.63.129.16", "168.63.129.16", 80],
    ["127.0.0.1:8080", "127.0.0.1", 8080],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["127.0.0.1:65535", "127.0.0.1", 65535],
    ["localhost", "localhost", 80],
    ["a-b.example_1.test:1", "a-b.example_1.test", 1],
    ["[::1]", "::1", 80],
    ["[fe80::1:2]:8080", "fe80::1:2", 8080],
    ["[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1],
  ] as const
) {
  Deno.test(`parseEndpoint() reads ${text}`, () => {
    assertEquals(parseEndpoint(text), { hostname, port });
  });
}

for (
  const text of [
    "",
    " ",
    ":80",
    "a:",
    "a:b",
    "a:-1",
    "a:65536",
    "a:123456",
    "a:80:80",
    "a:80 ",
    "a b",
    "::1",
    "[::1",
    "[]:80",
    "[.]",
    "[127.0.0.1]",
    "[::1]80",
    "[fe80::1%eth0]",
    "-a",
    "a-",
    ".a",
    "a.",
    "http://a/",
    "a/b",
    "user@a",
    "a\r\nb",
    "a\n",
    "\u00e4",
    "*",
  ]
) {
  Deno.test(`parseEndpoint() rejects ${JSON.stringify(text)}`, () => {
    assertThrows(
      () => parseEndpoint(text),
      TypeError,
      `"${text}" is not of the form HOST or HOST:PORT`,
    );
  });
}

Deno.test("formatEndpoint() leaves the port out if it is HTTP's own", () => {
  assertEquals(formatEndpoint({ hostname: "a", port: 80 }), "a");
  assertEquals(formatEndpoint({ hostname: "a", port: 8080 }), "a:8080");
});

Deno.test("formatEndpoint() puts an IPv6 address in brackets", () => {
  assertEquals(formatEndpoint({ hostname: "::1", port: 80 }), "[::1]");
  assertEquals(formatEndpoint({ hostname: "::1", port: 1 }), "[::1]:1");
});
