import { assert, assertEquals } from "@std/assert";
import {
  formatVerdict,
  type Platform,
  type PlatformOptions,
} from "../../lib/simulator/mod.ts";
import {
  fullBucket,
  refill,
  takeToken,
  Throttle,
} from "../../lib/simulator/throttle.ts";
import { faults } from "./faults/_faults.ts";
import {
  type Address,
  exchange,
  getGoalState,
  getMetadata,
  goalStateRequest,
  healthRequest,
  metadataRequest,
  parseAnswer,
  postHealth,
  withPlatform,
} from "./raw_http.ts";

Deno.test("Throttle takes so many requests of a VM at once, and as many with each second", () => {
  const throttle = new Throttle({ perVm: 2 });
  const taken = [0, 0, 0, 499, 500, 501, 5000, 5000, 5000]
    .map((nowMs) => throttle.takes("a", nowMs));
  assertEquals(taken, [
    true,
    true,
    false,
    false,
    true,
    false,
    true,
    true,
    false,
  ]);
});

Deno.test("Throttle counts each VM by itself", () => {
  const throttle = new Throttle({ perVm: 1 });
  const taken = ["a", "a", "b", "b"].map((vm) => throttle.takes(vm, 0));
  assertEquals(taken, [true, false, true, false]);
});

Deno.test("Throttle counts all VMs together, where there is a limit for all", () => {
  const throttle = new Throttle({ perVm: 2, all: 3 });
  const taken = ["a", "a", "b", "b", "c"].map((vm) => throttle.takes(vm, 0));
  assertEquals(taken, [true, true, true, false, false]);
});

Deno.test("Throttle counts no request that it does not take", () => {
  const throttle = new Throttle({ perVm: 1, all: 2 });
  const first = ["a", "a", "a", "b", "c"].map((vm) => throttle.takes(vm, 0));
  assertEquals(first, [true, false, false, true, false]);
  assert(throttle.takes("c", 500), "c had used nothing up");
});

Deno.test("startPlatform() answers 429 to one request too many, and looks at it no further", async () => {
  await withPlatform({ throttle: { perVm: 1 } }, async (platform) => {
    await getGoalState(platform);
    const { status, headers, body } = await getGoalState(platform, {
      headers: { "x-ms-version": undefined },
    });
    assertEquals([status, headers["retry-after"], headers["content-type"]], [
      429,
      "1",
      "text/xml; charset=utf-8",
    ]);
    assert(body.includes("<Code>TooManyRequests</Code>"), body);
    const health = await postHealth(platform);
    assertEquals(health.status, 429);
    assertEquals(
      platform.events.map(({ status, served, throttled }) => [
        status,
        served,
        throttled,
      ]),
      [[200, true, undefined], [429, false, true], [429, false, true]],
    );
    const { ready, refused, throttled } = platform.verdict();
    assertEquals([ready, refused, throttled], [false, 0, 2]);
    assert(formatVerdict(platform.verdict()).includes("Throttled: 2\n"));
  });
});

Deno.test("startPlatform() counts each service by itself, and IMDS answers 429 in its own form", async () => {
  await withPlatform({ throttle: { perVm: 1 } }, async (platform) => {
    assertEquals((await getGoalState(platform)).status, 200);
    assertEquals((await getMetadata(platform)).status, 200);
    const { status, headers, body } = await getMetadata(platform);
    assertEquals([status, headers["retry-after"], JSON.parse(body)], [
      429,
      "1",
      { error: "Too Many Requests" },
    ]);
  });
});

Deno.test("startPlatform() takes a throttled VM again after Retry-After", async () => {
  await withPlatform({ throttle: { perVm: 1 } }, async (platform) => {
    await getGoalState(platform);
    assertEquals((await getGoalState(platform)).status, 429);
    await new Promise((resolve) => setTimeout(resolve, 1010));
    assertEquals((await getGoalState(platform)).status, 200);
  });
});

Deno.test("startPlatform() throttles before it plays a fault, and uses none up", async () => {
  await withPlatform(
    { throttle: { perVm: 2 }, ...faults("500=2") },
    async (platform) => {
      const seen = [];
      for (let time = 0; time < 3; time++) {
        seen.push((await getGoalState(platform)).status);
      }
      assertEquals(seen, [500, 500, 429]);
      assertEquals(platform.events[2]?.fault, undefined);
    },
  );
});

Deno.test("startPlatform() knows several VMs by the addresses that they reach", async () => {
  await withFleet({ throttle: { perVm: 2, all: 100 } }, async (platform) => {
    const ask = async (hostname: string, request: string) =>
      parseAnswer(await exchange(at(platform.wireserver, hostname), request))
        .status;
    assertEquals(await ask("127.0.3.1", goalStateRequest()), 200);
    assertEquals(await ask("127.0.3.1", healthRequest()), 200);
    assertEquals(await ask("127.0.3.1", healthRequest()), 429);
    assertEquals(await ask("127.0.3.2", healthRequest()), 200);
    assertEquals(await ask("127.0.3.2", healthRequest()), 200);
    await exchange(at(platform.imds, "127.0.3.3"), metadataRequest());
    assertEquals(
      platform.events.map((event) => event.localAddress),
      [1, 1, 1, 2, 2, 3].map((number) => `127.0.3.${number}`),
    );
    const counts = platform.vms().map((
      { address, readyCount, requests, throttled },
    ) => [address, readyCount, requests, throttled]);
    assertEquals(counts, [
      ["127.0.3.1", 1, 3, 1],
      ["127.0.3.2", 2, 2, 0],
      ["127.0.3.3", 0, 1, 0],
    ]);
    assert(platform.vms()[0]!.readyAfterMs! >= 0);
    assertEquals(platform.vms()[2]!.readyAfterMs, undefined);
    assertEquals(platform.verdict().vms, platform.vms());
    assert(
      formatVerdict(platform.verdict()).includes(
        "Throttled: 1\nVMs: 3, ready: 2\nVM 127.0.3.2: ready 2 times, 2 requests\nVM 127.0.3.3: not ready, 1 requests\n",
      ),
      formatVerdict(platform.verdict()),
    );
  });
});

Deno.test("verdict() names no VMs where each service has one address, the same or not", async () => {
  await withPlatform(
    { imds: { hostname: "127.0.0.2", port: 0 } },
    async (platform) => {
      await getGoalState(platform);
      await getMetadata(platform);
      assertEquals(Object.hasOwn(platform.verdict(), "vms"), false);
      assertEquals(Object.hasOwn(platform.verdict(), "throttled"), false);
      assertEquals(platform.vms().map(({ address }) => address), [
        "127.0.0.1",
        "127.0.0.2",
      ]);
    },
  );
});

async function withFleet(
  options: Partial<PlatformOptions>,
  test: (platform: Platform) => Promise<void>,
): Promise<void> {
  const everywhere = { hostname: "0.0.0.0", port: 0 };
  await withPlatform(
    { wireserver: everywhere, imds: everywhere, ...options },
    test,
  );
}

function at({ port }: Address, hostname: string): Address {
  return { hostname, port };
}

Deno.test("fullBucket() holds what comes in a second", () => {
  assertEquals(fullBucket(5, 1000), { tokens: 5, atMs: 1000 });
});

Deno.test("takeToken() takes one, and only a whole one", () => {
  assertEquals(takeToken({ tokens: 1.5, atMs: 7 }), { tokens: 0.5, atMs: 7 });
  assertEquals(takeToken({ tokens: 1, atMs: 7 }), { tokens: 0, atMs: 7 });
  assertEquals(takeToken({ tokens: 0.99, atMs: 7 }), undefined);
});

Deno.test("refill() adds what came with the time, and no more than fits", () => {
  const empty = { tokens: 0, atMs: 1000 };
  assertEquals(refill(empty, 4, 1000), { tokens: 0, atMs: 1000 });
  assertEquals(refill(empty, 4, 1250), { tokens: 1, atMs: 1250 });
  assertEquals(refill(empty, 4, 2000), { tokens: 4, atMs: 2000 });
  assertEquals(refill(empty, 4, 9000), { tokens: 4, atMs: 9000 });
});

Deno.test("refill() takes nothing away when the time goes back", () => {
  assertEquals(refill({ tokens: 2, atMs: 1000 }, 4, 500), {
    tokens: 2,
    atMs: 1000,
  });
});
