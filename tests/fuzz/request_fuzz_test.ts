import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeRequest } from "../../lib/http/encode_request.ts";
import { formatEndpoint, parseEndpoint } from "../../lib/http/endpoint.ts";
import { attempt } from "./_attempt.ts";
import { latin1 } from "./_check_response.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const room = "request";

const token = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/),
  fc.constantFrom("x-ms-version", "Content-Type", "__proto__"),
  word,
);
const value = fc.oneof(fc.string({ maxLength: 40 }), word, text);
const target = fc.oneof(
  fc.constantFrom("/machine?comp=health", "/", "*", "", "http://a/"),
  fc.webPath(),
  value.map((text) => `/${text}`),
);

fuzz("encodeRequest() sends the headers that it was given and no others", {
  room,
  runs: 1000,
  input: fc.record({
    method: fc.constantFrom(...["GET", "POST"] as const),
    target,
    headers: fc.array(fc.tuple(token, value), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
    body: text,
    hostname: fc.constantFrom("168.63.129.16", "::1", "a b", "a\r\nX: y"),
  }),
  check: ({ hostname, ...request }) => {
    const outcome = attempt(
      () => encodeRequest(request, { hostname, port: 80 }),
      TypeError,
    );
    if (!outcome.ok) return;
    const text = latin1(outcome.value);
    const end = text.indexOf("\r\n\r\n");
    assert(end !== -1);
    const [first, ...lines] = text.slice(0, end).split("\r\n");
    assertEquals(first, `${request.method} ${request.target} HTTP/1.1`);
    const sent = lines.map((line) => {
      const [, name, value] = /^([A-Za-z0-9-]+): ([\x20-\x7e]*)$/.exec(line)!;
      return [name, value];
    });
    const body = latin1(new TextEncoder().encode(request.body));
    assertEquals(
      new Map(sent as [string, string][]),
      new Map([
        ["Host", formatEndpoint({ hostname, port: 80 })],
        ...Object.entries(request.headers),
        ["Accept-Encoding", "identity"],
        ["Connection", "close"],
        ...request.method === "POST"
          ? [["Content-Length", String(body.length)]] as const
          : [],
      ]),
    );
    const names = sent.map(([name]) => name!.toLowerCase());
    assertEquals(names, [...new Set(names)], "a header is there twice");
    assertEquals(text.slice(end + 4), body);
  },
});

fuzz("parseEndpoint() gives an endpoint or a TypeError", {
  room,
  runs: 500,
  input: fc.oneof(
    text,
    fc.ipV4(),
    fc.ipV6().map((it) => `[${it}]`),
    fc.tuple(fc.domain(), fc.integer({ min: -1, max: 100_000 }))
      .map(([host, port]) => `${host}:${port}`),
    fc.stringMatching(/^[\[\]0-9a-f:.-]{0,30}$/),
  ),
  check: (text) => {
    const outcome = attempt(() => parseEndpoint(text), TypeError);
    if (!outcome.ok) return;
    const endpoint = outcome.value;
    assert(/^[A-Za-z0-9:._-]+$/.test(endpoint.hostname));
    assert(Number.isInteger(endpoint.port));
    assert(endpoint.port >= 0 && endpoint.port <= 65_535);
    assertEquals(parseEndpoint(formatEndpoint(endpoint)), endpoint);
  },
});
