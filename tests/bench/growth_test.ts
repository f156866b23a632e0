import { assertEquals, assertLess } from "@std/assert";
import {
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "../../lib/wireserver/goal_state.ts";
import { buildHealthReport } from "../../lib/wireserver/health_report.ts";
import { goalStateOfSize, goalStateWithInstances } from "./_growth.ts";
import { heldBytes, playRetries } from "./_retries.ts";

const ATTEMPTS = 30;

/**
 * The limit lies half way, by ratio, between a straight line and a square: caches and
 * the collector bend a line a little, and a square is far beyond. The machine may be
 * busy with other things, so the best of all attempts so far counts.
 */
async function assertAtMostLinear(
  [small, large]: readonly [number, number],
  work: (size: number) => unknown,
): Promise<void> {
  const most = (large / small) ** 1.5;
  let [smallMs, largeMs] = [Infinity, Infinity];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    smallMs = Math.min(smallMs, await msOf(() => work(small)));
    largeMs = Math.min(largeMs, await msOf(() => work(large)));
    if (attempt > 2 && largeMs / smallMs < most) return;
  }
  assertLess(largeMs / smallMs, most);
}

async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

Deno.test("goalStateOfSize() is of that size, and a goal state", () => {
  for (const bytes of [1024, 65_536]) {
    const xml = goalStateOfSize(bytes);
    assertEquals(xml.length, bytes);
    assertEquals(parseGoalState(xml).instanceId, "instance-0");
  }
});

Deno.test("the time for a goal state is linear in its size, at worst", async () => {
  const sizes = [MAX_GOAL_STATE_BYTES / 16, MAX_GOAL_STATE_BYTES] as const;
  const documents = new Map(
    sizes.map((size): [number, string] => [size, goalStateOfSize(size)]),
  );
  await assertAtMostLinear(
    sizes,
    (size) => parseGoalState(documents.get(size)!),
  );
});

Deno.test("the time for a goal state is linear in its elements, at worst", async () => {
  const documents = new Map(
    [3750, 60_000].map((count) => [
      count,
      goalStateOfSize(500).replace("</Container>", `$&${"<a/>".repeat(count)}`),
    ]),
  );
  await assertAtMostLinear(
    [3750, 60_000],
    (count) => parseGoalState(documents.get(count)!),
  );
});

Deno.test("the time for a goal state is linear in its role instances, at worst", async () => {
  const documents = new Map(
    [100, 1000].map((count) => [count, goalStateWithInstances(count)]),
  );
  await assertAtMostLinear(
    [100, 1000],
    (count) => parseGoalState(documents.get(count)!),
  );
});

Deno.test("the time for retries is linear in their number, at worst", async () => {
  await assertAtMostLinear([1000, 10_000], playRetries);
});

Deno.test("retries hold no memory", async () => {
  await playRetries(1000);
  const before = heldBytes();
  await playRetries(20_000);
  assertLess(heldBytes() - before, 2 ** 20);
});

Deno.test("the time for a report is linear in its description, at worst", async () => {
  const ids = { incarnation: "1", containerId: "c", instanceId: "i" };
  await assertAtMostLinear([256, 4096], (size) => {
    for (let time = 0; time < 50; time++) {
      buildHealthReport(ids, {
        state: "NotReady",
        description: "x".repeat(size),
      });
    }
  });
});
