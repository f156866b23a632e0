import { assertEquals, assertRejects } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import { acquireLock } from "../../lib/state/lock.ts";
import { madeUpVm, story } from "./_vm.ts";

Deno.test("provision() leaves the work to another run that is under way", async () => {
  await using vm = await madeUpVm();
  const runs = [1, 2].map(() => provision(vm.options));
  const results = await Promise.allSettled(runs);
  const done = results.filter((it) => it.status === "fulfilled");
  assertEquals(done.map((it) => it.value), ["provisioned"]);
  const error = results.find((it) => it.status === "rejected")!.reason;
  assertEquals(error.key, "another_run");
  assertEquals(error.exitCode, ExitCode.gaveUp);
  assertEquals(
    story(vm).filter((it) => it.startsWith("wireserver ")),
    ["wireserver GET 200", "wireserver POST Ready"],
    "the one that left reported nothing",
  );
});

Deno.test("provision() gives its turn back when it fails", async () => {
  await using vm = await madeUpVm({
    faults: ["400@goal-state=3", "404@health-json=1"],
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(await provision(vm.options), "provisioned");
});

Deno.test("provision() keeps its turn until it ends, also when it is told to stop", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({ options: { signal: controller.signal } });
  let other: unknown;
  const host = {
    ...vm.host,
    run: () => {
      controller.abort(new Error("stopped"));
      try {
        acquireLock(vm.stateDir, {
          log: vm.log,
          signal: new AbortController().signal,
        });
      } catch (error) {
        other = error;
      }
      return Promise.resolve({ kind: "ok" } as const);
    },
  };
  await assertRejects(
    () => provision({ ...vm.options, host }),
    Error,
    "stopped",
  );
  assertEquals(other instanceof ProvisioningError && other.key, "another_run");
});
