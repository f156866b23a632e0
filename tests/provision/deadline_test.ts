import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Host } from "../../lib/host/host.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { testClock } from "../helpers/test_clock.ts";
import { madeUpVm, NAME_REQUIRED, story, type Vm } from "./_vm.ts";

for (
  const [program, requireHostName, state] of [
    ["works", false, "Ready"],
    ["fails", true, "NotReady"],
  ] as const
) {
  Deno.test(`provision() tries ${state} a second time although the time is used up by then`, async () => {
    await using vm = await madeUpVm({
      faults: ["503@health=1"],
      options: requireHostName ? NAME_REQUIRED : {},
    });
    const { clock, host } = lateHost(vm, program);
    const outcome = provision({ ...vm.options, host, clock });
    if (state === "Ready") assertEquals(await outcome, "provisioned");
    else await assertRejects(() => outcome, ProvisioningError, "broken");
    assertEquals(story(vm).slice(2), [
      "wireserver POST 503",
      `wireserver POST ${state}`,
    ]);
    assert(clock.time > 20_000 && clock.time < 23_000);
  });

  Deno.test(`provision() gives up on ${state} within three seconds if the time is used up by then`, async () => {
    await using vm = await madeUpVm({
      faults: ["503@health", "503@health-json"],
      options: requireHostName ? NAME_REQUIRED : {},
    });
    const { clock, host } = lateHost(vm, program);
    await assertRejects(
      () => provision({ ...vm.options, host, clock }),
      ProvisioningError,
    );
    assert(clock.time > 20_000 && clock.time <= 23_000);
    assert(!vm.test.platform.verdict().ready);
  });
}

/** A host whose program ends after the run's time is up. */
function lateHost(vm: Vm, program: "works" | "fails") {
  const clock = testClock();
  const host: Host = {
    ...vm.host,
    run: (...args) => {
      clock.time = 20_000;
      return program === "fails"
        ? Promise.resolve({ kind: "failed", reason: "broken" })
        : vm.host.run(...args);
    },
  };
  return { clock, host };
}
