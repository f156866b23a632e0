import { assert, assertEquals } from "@std/assert";
import { withPlatform } from "../raw_http.ts";
import { faults } from "./_faults.ts";
import {
  addressOf,
  exchangeBytes,
  headWith,
  KINDS,
  REQUESTS,
  spoil,
  takeApart,
  toBytes,
  WITH_BODY,
} from "./_wire.ts";

for (const kind of KINDS) {
  Deno.test(`bad-chunks sends a ${kind} answer with a chunk whose size is no number`, async () => {
    const { spoilt, honest, event } = await spoil("bad-chunks", kind);
    assertEquals(spoilt.head, headWith(honest, "Transfer-Encoding: chunked"));
    const middle = Math.floor(honest.body.length / 2);
    const first = honest.body === ""
      ? ""
      : `${middle.toString(16)}\r\n${honest.body.slice(0, middle)}\r\n`;
    assertEquals(
      spoilt.body,
      `${first}size\r\n${honest.body.slice(middle)}\r\n0\r\n\r\n`,
    );
    assertEquals([event.served, event.health], [false, undefined]);
  });

  Deno.test(`gzip sends a ${kind} answer really compressed`, async () => {
    const { spoilt, honest, event } = await spoil("gzip", kind);
    assertEquals(
      spoilt.head,
      headWith(
        honest,
        "Content-Encoding: gzip",
        `Content-Length: ${spoilt.body.length}`,
      ),
    );
    assertEquals(spoilt.body.slice(0, 2), "\x1F\x8B");
    const unpacked = new Blob([toBytes(spoilt.body)]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    assertEquals(
      await new Response(unpacked).bytes(),
      toBytes(honest.body),
    );
    assertEquals([event.served, event.health], [false, undefined]);
  });

  Deno.test(`long-length sends the whole ${kind} answer under a length of 1000 bytes more`, async () => {
    const { spoilt, honest, event } = await spoil("long-length", kind);
    const length = honest.body.length + 1000;
    assertEquals(spoilt.head, headWith(honest, `Content-Length: ${length}`));
    assertEquals(spoilt.body, honest.body);
    assertEquals([event.served, event.health], [false, undefined]);
  });

  Deno.test(`two-lengths sends the whole ${kind} answer under two lengths`, async () => {
    const { spoilt, honest, event } = await spoil("two-lengths", kind);
    const length = honest.body.length;
    assertEquals(
      spoilt.head,
      headWith(
        honest,
        `Content-Length: ${length}`,
        `Content-Length: ${length + 1}`,
      ),
    );
    assertEquals(spoilt.body, honest.body);
    assertEquals([event.served, event.health], [false, undefined]);
  });

  Deno.test(`huge-headers sends 2 MiB of headers in front of a ${kind} answer`, async () => {
    const { spoilt, honest, event } = await spoil("huge-headers", kind);
    const padding = Array.from(
      { length: 2048 },
      (_, index) => `X-Padding-${index}: ${"x".repeat(1024)}`,
    );
    assert(padding.join("").length > 2 * 1024 * 1024);
    assertEquals(
      spoilt.head,
      headWith(honest, ...padding, `Content-Length: ${honest.body.length}`),
    );
    assertEquals(spoilt.body, honest.body);
    assertEquals([event.served, event.health], [false, undefined]);
  });

  Deno.test(`garbage sends 4096 bytes that are no HTTP in place of a ${kind} answer`, async () => {
    const { spoilt, event } = await spoil("garbage", kind);
    assertEquals(spoilt.bytes.length, 4096);
    assertEquals(spoilt.bytes.includes("HTTP/"), false);
    assert(new Set(spoilt.bytes).size > 250, "of nearly every kind");
    assertEquals(spoilt.bytes, (await spoil("garbage", kind)).spoilt.bytes);
    assertEquals([event.status, event.served, event.health], [
      undefined,
      false,
      undefined,
    ]);
  });

  Deno.test(`informational sends three other answers in front of the true ${kind} answer, which counts`, async () => {
    const { spoilt, honest, event } = await spoil("informational", kind);
    const hint =
      "HTTP/1.1 103 Early Hints\r\nLink: </hint>; rel=preload\r\n\r\n";
    const before = `HTTP/1.1 100 Continue\r\n\r\n${hint}${hint}`;
    assertEquals(spoilt.bytes.slice(0, before.length), before);
    const { head, body } = takeApart(spoilt.bytes.slice(before.length));
    assertEquals([head, body], [honest.head, honest.body]);
    assertEquals([event.served, event.health !== undefined], [
      true,
      kind === "health" || kind === "health-json",
    ]);
  });

  Deno.test(`a spoilt ${kind} answer ends a connection that was to be kept`, async () => {
    await withPlatform(faults("two-lengths"), async (platform) => {
      const request = REQUESTS[kind].replace("Connection: close\r\n", "");
      const bytes = await exchangeBytes(addressOf(platform, kind), request);
      assert(bytes.startsWith("HTTP/1.1 20"), bytes);
    });
  });
}

for (const kind of WITH_BODY) {
  Deno.test(`short-length sends the whole ${kind} answer under half the length`, async () => {
    const { spoilt, honest, event } = await spoil("short-length", kind);
    const length = Math.floor(honest.body.length / 2);
    assertEquals(spoilt.head, headWith(honest, `Content-Length: ${length}`));
    assertEquals(spoilt.body, honest.body);
    assertEquals(event.served, false);
  });
}

Deno.test("informational reports a VM ready", async () => {
  await withPlatform(faults("informational"), async (platform) => {
    await exchangeBytes(platform.wireserver, REQUESTS.health);
    await platform.ready;
    assertEquals(platform.verdict().ready, true);
  });
});
