import { assert, assertEquals } from "@std/assert";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { type Fleet, HOST_NAME, playFleet } from "./_fleet.ts";
import { summarize } from "./_result.ts";
import { TIMEOUT_MS } from "./_simulation.ts";

/** Waits that are no further apart end together, in milliseconds. */
const TOGETHER_MS = 100;

/** How many waits may end together wherever there are few. */
const A_FEW = 4;

if (!RUNS_ALL) {
  console.error(
    "The fleet of 500 VMs is skipped: it is slow, set AZURE_PROVISIONING_TESTS=all",
  );
}

Deno.test("40 VMs start in one second at a platform that takes 20 requests a second: all are ready soon", async () => {
  const throttle = { perVm: 5, all: 20 };
  const fleet = await playFleet({ vms: 40, throttle });
  assertAllReady(fleet, 40);
  assertSpread(fleet);
  const { requestsPerVm, maxRequests } = summarize(fleet);
  assert(requestsPerVm < 6, `${requestsPerVm} requests`);
  assert(maxRequests <= 12, `${maxRequests} requests`);
});

Deno.test({
  name:
    "500 VMs start in one second at a platform that takes 50 requests a second: all are ready within two minutes",
  ignore: !RUNS_ALL,
  fn: async () => {
    const throttle = { perVm: 5, all: 50 };
    const fleet = await playFleet({ vms: 500, throttle });
    assertAllReady(fleet, 500);
    assertSpread(fleet);
    const { requestsPerVm, maxRequests, lastS } = summarize(fleet);
    assert(lastS < 120, `${lastS} s`);
    assert(requestsPerVm < 9, `${requestsPerVm} requests`);
    assert(maxRequests <= 20, `${maxRequests} requests`);
  },
});

Deno.test("5 VMs that the platform has room for send no request twice", async () => {
  const throttle = { perVm: 5, all: 20 };
  const fleet = await playFleet({ vms: 5, throttle });
  assertAllReady(fleet, 5);
  assertEquals(summarize(fleet).maxRequests, 3);
  assertEquals(fleet.waits, []);
});

function assertAllReady(
  { vms, verdicts, hurried }: Fleet,
  count: number,
): void {
  assertEquals(vms.length, count);
  for (const { outcome, hostName, readyAfterMs } of vms) {
    assertEquals([outcome, hostName], ["provisioned", HOST_NAME]);
    assert(readyAfterMs! < TIMEOUT_MS);
  }
  assertEquals(verdicts.length, count);
  for (const { readyCount, notReadyCount, refused } of verdicts) {
    assertEquals([readyCount, notReadyCount, refused], [1, 0, 0]);
  }
  assertEquals(hurried, 0, "requests sooner than the platform had asked for");
}

/** No second is another first one, and hardly any waits end together. */
function assertSpread(fleet: Fleet): void {
  const { vms, load, waits } = fleet;
  const { peak } = summarize(fleet, rushS(fleet));
  assert(peak <= vms.length, `a peak in ${load.arrived}`);
  const together = Map.groupBy(waits, (ms) => Math.floor(ms / TOGETHER_MS));
  const most = Math.max(0, ...together.values().map(({ length }) => length));
  assert(
    most <= Math.max(A_FEW, waits.length / 4),
    `${most} of ${waits.length} waits end together`,
  );
}

/** In how many seconds as many requests came as all VMs start with; a slow machine needs more. */
function rushS({ vms, load }: Fleet): number {
  let left = 2 * vms.length;
  return 1 + load.arrived.findIndex((count) => (left -= count) <= 0);
}
