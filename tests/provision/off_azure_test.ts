import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/clock.ts";
import type { RunResult } from "../../lib/host/run_program.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { readRecord } from "../../lib/record/read_record.ts";
import { markOf } from "./_marks.ts";
import { madeUpVm, story, type Vm, type VmOptions } from "./_vm.ts";

/** Long enough for a second try, on the system's clock. */
const TIMEOUT_MS = 2_000;

/** Provisions a VM whose grep ends as it is told to, and says how often it was run. */
async function run(
  grep: RunResult | "hangs",
  faults: readonly string[],
  options: VmOptions["options"] = {},
): Promise<{ vm: Vm; greps: number; end: unknown }> {
  const vm = await madeUpVm({ faults });
  let greps = 0;
  const host: typeof vm.host = {
    ...vm.host,
    run(name, asked) {
      if (name !== "grep") return vm.host.run(name, asked);
      greps++;
      if (grep !== "hangs") return Promise.resolve(grep);
      const { promise, resolve } = Promise.withResolvers<RunResult>();
      asked.signal!.addEventListener(
        "abort",
        () => resolve({ kind: "failed", reason: "killed" }),
      );
      return promise;
    },
  };
  const end = await provision({
    ...vm.options,
    host,
    clock: systemClock,
    timeoutMs: TIMEOUT_MS,
    leaveOffAzure: true,
    ...options,
  }).catch((error) => error);
  return { vm, greps, end };
}

Deno.test("provision() leaves a machine alone whose chassis is another's where nobody answers", async () => {
  for (const metadata of ["refuse@metadata", "404@metadata", "html@metadata"]) {
    const { vm, greps, end } = await run({ kind: "ok" }, [
      "reset@goal-state",
      metadata,
    ]);
    await using _ = vm;
    assertEquals(end, "not on Azure", metadata);
    assertEquals(greps, 1);
    assertMatch(vm.log.lines.at(-1)!, /^info: This is not Azure: .*--force/);
    assertEquals(vm.host.runs, []);
    assertEquals(await markOf(vm), undefined);
    assertEquals(story(vm).filter((it) => it.includes("POST")), []);
    const record = await readRecord(vm.stateDir);
    assertEquals([record.outcome, record.error], ["not on Azure", undefined]);
    assertEquals(record.phases.filter(({ name }) => name === "report"), []);
  }
});

Deno.test("provision() goes on where it is not certain that the chassis is another's", async () => {
  const { vm, greps, end } = await run(
    { kind: "failed", reason: "exit status 1" },
    ["reset@goal-state=2"],
  );
  await using _ = vm;
  assertEquals([end, greps], ["provisioned", 1]);
});

Deno.test("provision() goes on where the chassis is another's, yet WireServer answers at last, however badly", async () => {
  for (const answers of ["503@goal-state=3", "garbage@goal-state=3"]) {
    const { vm, greps, end } = await run({ kind: "ok" }, [
      "reset@goal-state=1",
      answers,
      "404@metadata",
    ], { timeoutMs: 20_000 });
    await using _ = vm;
    assertEquals([end, greps], ["provisioned", 1], vm.log.lines.join("\n"));
  }
});

Deno.test("provision() tries to the end where the chassis is another's, yet Azure's metadata come", async () => {
  const { vm, greps, end } = await run({ kind: "ok" }, ["reset@goal-state"]);
  await using _ = vm;
  assertEquals(greps, 1);
  assertEquals((end as ProvisioningError).key, "goal_state_unavailable");
});

Deno.test("provision() looks at no chassis where the first try is answered, or it is not to leave", async () => {
  for (
    const [faults, options] of [
      [["503@goal-state=1", "reset@goal-state=1"], {}],
      [["reset@goal-state=1"], { leaveOffAzure: false }],
      [[], {}],
    ] as const
  ) {
    const { vm, greps, end } = await run({ kind: "ok" }, faults, options);
    await using _ = vm;
    assertEquals([end, greps], ["provisioned", 0]);
  }
});

Deno.test("provision() looks at no chassis where the image says that it runs anywhere", async () => {
  await using vm = await madeUpVm({
    faults: ["reset@goal-state"],
    host: { etc: { "azure-provisioning.anywhere": "" } },
    options: { timeoutMs: 500, leaveOffAzure: true },
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(vm.host.runs.filter((it) => it.startsWith("grep")), []);
});

Deno.test("provision() waits for no grep when the goal state is there", async () => {
  const { vm, end } = await run("hangs", ["reset@goal-state=1"]);
  await using _ = vm;
  assertEquals(end, "provisioned");
});

Deno.test("provision() that is told to stop while it looks at the chassis ends grep, and is stopped", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error("stopped")), 300);
  const { vm, greps, end } = await run("hangs", [
    "reset@goal-state",
    "404@metadata",
  ], { signal });
  await using _ = vm;
  clearTimeout(timer);
  assertEquals([(end as Error).message, greps], ["stopped", 1]);
  assertEquals((await readRecord(vm.stateDir)).outcome, "stopped");
});

Deno.test("provision() that is told to stop during its first try looks at no chassis", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error("stopped")), 300);
  const { vm, greps, end } = await run({ kind: "ok" }, ["hang@goal-state"], {
    signal,
  });
  await using _ = vm;
  clearTimeout(timer);
  assertEquals([(end as Error).message, greps], ["stopped", 0]);
});
