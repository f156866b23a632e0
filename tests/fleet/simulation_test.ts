import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { summarize } from "./_result.ts";
import { simulateFleet, TIMEOUT_MS } from "./_simulation.ts";

const SECOND_MS = 1000;

/** As many VMs for each request that the platform takes as in a fleet of 500 at 50. */
const HUNDRED_THOUSAND = {
  vms: 100_000,
  throttle: { perVm: 5, all: 10_000 },
  seed: 1,
};

/** The same ratio, where it does not take as many VMs. */
const TEN_THOUSAND = {
  vms: 10_000,
  throttle: { perVm: 5, all: 1000 },
  seed: 1,
};

const MINUTE = 60;

Deno.test("100,000 VMs start in one second at a platform that takes 10,000 requests a second: all are ready within 35 s", () => {
  const result = simulateFleet({
    ...HUNDRED_THOUSAND,
    retryAfterMs: SECOND_MS,
  });
  const summary = summarize(result);
  assertEquals(summary.ready, 100_000);
  assert(summary.lastS < 35, `${summary.lastS} s`);
  assert(summary.requestsPerVm < 9, `${summary.requestsPerVm} requests`);
  assert(summary.maxRequests <= 20, `${summary.maxRequests} requests`);
  assertEquals(summary.hurried, 0);
  assert(summary.firstSecond >= 200_000);
  assert(summary.peak < summary.firstSecond * 0.4, `peak: ${summary.peak}`);
  assert(summary.peakToMean < 4, `peak to mean: ${summary.peakToMean}`);
});

Deno.test("10,000 VMs are ready within 40 s, too, where the platform does not say when to come back", () => {
  const summary = summarize(simulateFleet(TEN_THOUSAND));
  assertEquals(summary.ready, 10_000);
  assert(summary.lastS < 40, `${summary.lastS} s`);
  assert(summary.requestsPerVm < 15, `${summary.requestsPerVm} requests`);
  assert(summary.maxRequests <= 25, `${summary.maxRequests} requests`);
});

Deno.test("10,000 VMs wait as long as the platform asks", () => {
  const summary = summarize(
    simulateFleet({ ...TEN_THOUSAND, retryAfterMs: 10 * SECOND_MS }),
  );
  assertEquals(summary.ready, 10_000);
  assertEquals(summary.hurried, 0);
  assert(summary.lastS < 60, `${summary.lastS} s`);
  assert(summary.requestsPerVm < 8, `${summary.requestsPerVm} requests`);
});

Deno.test("100,000 VMs that met no platform for a minute do not overrun it when it is back", () => {
  const result = simulateFleet({
    ...HUNDRED_THOUSAND,
    retryAfterMs: SECOND_MS,
    away: { forMs: MINUTE * SECOND_MS, silent: false },
  });
  const summary = summarize(result, MINUTE);
  assertEquals(summary.ready, 100_000);
  assert(summary.lastS < MINUTE + 40, `${summary.lastS} s`);
  assert(summary.peak < 50_000, `peak: ${summary.peak}`);
  assert(summary.peakToMean < 3, `peak to mean: ${summary.peakToMean}`);
});

Deno.test("10,000 VMs that were left without any answer for a minute come back as fast", () => {
  const result = simulateFleet({
    ...TEN_THOUSAND,
    retryAfterMs: SECOND_MS,
    away: { forMs: MINUTE * SECOND_MS, silent: true },
  });
  const summary = summarize(result, MINUTE);
  assertEquals(summary.ready, 10_000);
  assert(summary.lastS < MINUTE + 45, `${summary.lastS} s`);
  assert(summary.requestsPerVm < 18, `${summary.requestsPerVm} requests`);
});

Deno.test("It is chance that spreads a fleet: were it the same for all, they would come in waves", () => {
  const options = { ...TEN_THOUSAND, retryAfterMs: SECOND_MS };
  const spread = summarize(simulateFleet(options));
  const waves = summarize(simulateFleet({ ...options, sameRandom: 0.5 }));
  assert(waves.lastS > 1.5 * spread.lastS);
  assert(waves.peak > 2 * spread.peak);
  assert(waves.peakToMean > 3 * spread.peakToMean);
});

Deno.test("A fleet that the platform has room for sends three requests each", () => {
  const summary = summarize(
    simulateFleet({ vms: 1000, throttle: { perVm: 5, all: 2000 }, seed: 1 }),
  );
  assertEquals(
    [summary.ready, summary.requestsPerVm, summary.maxRequests],
    [1000, 3, 3],
  );
});

Deno.test("A fleet whose platform never comes gives up at its deadline", () => {
  const { vms, load } = simulateFleet({
    vms: 100,
    throttle: { perVm: 5, all: 10 },
    away: { forMs: Infinity, silent: false },
    seed: 1,
  });
  const summary = summarize({ vms, load, hurried: 0 });
  assertEquals([summary.ready, summary.lastS], [0, Infinity]);
  // The last try has the last two seconds.
  const lastTryS = TIMEOUT_MS / SECOND_MS - load.arrived.length;
  assert(lastTryS >= -1 && lastTryS <= 2, `${lastTryS} s before the deadline`);
  assert(summary.maxRequests < 200, `${summary.maxRequests} requests`);
});

Deno.test("simulateFleet() gives the same for the same seed, and else something else", () => {
  const options = { vms: 500, throttle: { perVm: 5, all: 50 } };
  const [first, again, other] = [1, 1, 2].map((seed) =>
    simulateFleet({ ...options, retryAfterMs: SECOND_MS, seed })
  );
  assertEquals(again, first);
  assertNotEquals(other, first);
});

Deno.test("simulateFleet() loses no request, and serves no more than the platform takes", () => {
  const { vms, load } = simulateFleet({ ...TEN_THOUSAND, retryAfterMs: 1000 });
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  assertEquals(
    sum(load.arrived),
    sum(vms.map(({ requests }) => requests)),
  );
  assertEquals(sum(load.served), 3 * vms.length);
  assertEquals(sum(load.served) + sum(load.throttled), sum(load.arrived));
  // Two services, each with what it takes in a second saved up.
  assert(load.served.every((count) => count <= 2 * 2 * 1000));
});
