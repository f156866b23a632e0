import { assert, assertEquals } from "@std/assert";
import type { Platform, Target } from "../../../lib/simulator/mod.ts";
import { type Address, withPlatform, writeAll } from "../raw_http.ts";
import { faults } from "./_faults.ts";
import { pause, untilEvents } from "./_waits.ts";
import {
  addressOf,
  exchangeBytes,
  headWith,
  KINDS,
  REQUESTS,
  takeApart,
  type Wire,
} from "./_wire.ts";

/** More than the buffers between two sockets hold. */
const MUCH = 12 * 1024 * 1024;

const ENDLESS = ["endless", "endless-chunks", "drip"] as const;

for (const kind of KINDS) {
  Deno.test(`endless sends the true ${kind} answer without a length, and blanks for ever`, async () => {
    const { spoilt, honest } = await startOf("endless", kind, 1_000_000);
    assertEquals(spoilt.head, headWith(honest));
    assert(spoilt.body.startsWith(honest.body));
    assertEquals(spoilt.body.slice(honest.body.length).trim(), "");
  });

  Deno.test(`endless-chunks sends the true ${kind} answer in a chunk, and chunks of blanks for ever`, async () => {
    const { spoilt, honest } = await startOf("endless-chunks", kind, 1_000_000);
    assertEquals(spoilt.head, headWith(honest, "Transfer-Encoding: chunked"));
    const { length } = honest.body;
    const first = length === 0
      ? ""
      : `${length.toString(16)}\r\n${honest.body}\r\n`;
    assert(spoilt.body.startsWith(first));
    const block = `4000\r\n${" ".repeat(0x4000)}\r\n`;
    const blocks = spoilt.body.slice(first.length);
    assertEquals(
      blocks,
      block.repeat(blocks.length / block.length + 1).slice(0, blocks.length),
    );
  });

  Deno.test(`drip sends the ${kind} answer without a length, one byte each 200 ms, and blanks for ever`, async () => {
    await withPlatform(faults(`drip@${kind}=1`), async (platform) => {
      const address = addressOf(platform, kind);
      using connection = await Deno.connect(address);
      await writeAll(connection, REQUESTS[kind]);
      const started = performance.now();
      const pieces: string[] = [];
      const buffer = new Uint8Array(4096);
      while (pieces.length < 5) {
        const count = await connection.read(buffer);
        pieces.push(String.fromCharCode(...buffer.subarray(0, count ?? 0)));
      }
      const elapsed = performance.now() - started;
      const honest = takeApart(await exchangeBytes(address, REQUESTS[kind]));
      const [head = "", ...bytes] = pieces;
      assertEquals(takeApart(head).head, headWith(honest));
      assertEquals(takeApart(head).body, "");
      assertEquals(bytes, [...`${honest.body.slice(0, 4)}    `.slice(0, 4)]);
      assert(elapsed > 790 && elapsed < 2000, `it took ${elapsed} ms`);
    });
  });
}

/** The statuses of the answers that are not 200. */
const STATUSES: Partial<Record<(typeof KINDS)[number], number>> = {
  "health-json": 201,
  "role-properties": 202,
};

for (const name of ENDLESS) {
  Deno.test(`${name} accepts nothing`, async () => {
    await withPlatform(faults(name), async (platform) => {
      for (const kind of KINDS) {
        await exchangeBytes(addressOf(platform, kind), REQUESTS[kind], 10);
      }
      assertEquals(
        platform.events.map(({ status, served, health }) => [
          status,
          served,
          health,
        ]),
        KINDS.map((kind) => [STATUSES[kind] ?? 200, false, undefined]),
      );
      assertEquals(platform.verdict().ready, false);
    });
  });

  Deno.test(`${name} ends when the client closes, which leaves nothing to shut down`, async () => {
    await withPlatform(faults(name), async (platform) => {
      await exchangeBytes(platform.wireserver, REQUESTS["goal-state"], 10);
      await pause(500);
      await endsAtOnce(platform);
    });
  });

  Deno.test(`${name} ends with the platform, while the client reads on`, async () => {
    await withPlatform(faults(name), async (platform) => {
      const read = readOn(platform.imds, REQUESTS.metadata);
      await untilEvents(platform, 1);
      await pause(50);
      await endsAtOnce(platform);
      await read;
    });
  });
}

Deno.test("endless takes no more than the client does, and ends with the platform all the same", async () => {
  await withPlatform(faults("endless"), async (platform) => {
    {
      using connection = await Deno.connect(platform.wireserver);
      await writeAll(connection, REQUESTS["goal-state"]);
      await untilEvents(platform, 1);
      await pause(300);
      await endsAtOnce(platform);
    }
    // Only now can the write that was waiting end.
    await pause(50);
  });
});

Deno.test("endless is as fast as it is taken", async () => {
  await withPlatform(faults("endless"), async (platform) => {
    const started = performance.now();
    const bytes = await exchangeBytes(
      platform.wireserver,
      REQUESTS["goal-state"],
      MUCH,
    );
    assert(bytes.length >= MUCH);
    const elapsed = performance.now() - started;
    assert(elapsed < 5000, `it took ${elapsed} ms`);
  });
});

async function startOf(
  name: string,
  kind: Target,
  length: number,
): Promise<{ spoilt: Wire; honest: Wire }> {
  let answers: { spoilt: Wire; honest: Wire } | undefined;
  await withPlatform(faults(`${name}@${kind}=1`), async (platform) => {
    const address = addressOf(platform, kind);
    const start = await exchangeBytes(address, REQUESTS[kind], length);
    assert(start.length >= length);
    answers = {
      spoilt: takeApart(start),
      honest: takeApart(await exchangeBytes(address, REQUESTS[kind])),
    };
  });
  return answers!;
}

/** Reads, without keeping it, to the end. */
async function readOn(address: Address, request: string): Promise<void> {
  using connection = await Deno.connect(address);
  await writeAll(connection, request);
  const buffer = new Uint8Array(64 * 1024);
  try {
    while (await connection.read(buffer) !== null);
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
}

async function endsAtOnce(platform: Platform): Promise<void> {
  const started = performance.now();
  await platform.shutdown();
  const elapsed = performance.now() - started;
  assert(elapsed < 400, `it took ${elapsed} ms`);
}
