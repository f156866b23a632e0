import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { markOf, markText, readMarkText, THIS_VM } from "./_marks.ts";
import { madeUpVm, NAME_REQUIRED, story, type Vm } from "./_vm.ts";

function posts(vm: Vm): string[] {
  return story(vm).filter((it) => it.includes("POST"));
}

for (
  const fault of [
    "302",
    "400",
    "401",
    "403",
    "404",
    "405",
    "410",
    "500",
    "501",
    "503",
  ]
) {
  Deno.test(`provision() reports Ready in JSON where the platform answers ${fault} to the request for the goal state`, async () => {
    await using vm = await madeUpVm({ faults: [`${fault}@goal-state`] });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(posts(vm), ["wireserver POST Ready"]);
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    assertEquals(vm.host.currentName(), "vm");
    assertEquals(Object.keys(await markOf(vm) as object), [
      "vmId",
      "at",
      "version",
    ]);
    const told = vm.log.lines.filter((it) =>
      it.endsWith("; going on without it, as a report in JSON needs none")
    );
    assertEquals(told.length, 1);
    assertMatch(
      told[0]!,
      /^warn: Cannot get the goal state from 127\.0\.0\.1:/,
    );
  });
}

Deno.test("provision() reports Ready in JSON where the platform refuses the goal state and falls silent", async () => {
  await using vm = await madeUpVm({
    faults: ["503@goal-state=2", "reset@goal-state"],
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(posts(vm), ["wireserver POST Ready"]);
});

for (
  const fault of [
    "garbage",
    "html",
    "no-ids",
    "huge",
    "gzip",
    "truncated",
    "reset",
  ]
) {
  Deno.test(`provision() reports no Ready without a goal state where something plays ${fault} in its place`, async () => {
    await using vm = await madeUpVm({
      faults: ["503@goal-state=1", `${fault}@goal-state`].slice(
        fault === "truncated" || fault === "reset" ? 1 : 0,
      ),
    });
    await assertRejects(() => provision(vm.options), CallError);
    assert(!posts(vm).includes("wireserver POST Ready"), story(vm).join());
    assertEquals(await markOf(vm), undefined);
  });
}

for (const fault of ["400", "404", "503", "reset"]) {
  Deno.test(`provision() ends with why there is no goal state, and reports nothing more, where JSON meets ${fault}`, async () => {
    await using vm = await madeUpVm({
      faults: ["400@goal-state", `${fault}@health-json`],
      options: { timeoutMs: 1500 },
    });
    const error = await assertRejects(() => provision(vm.options), CallError);
    assertEquals(error.key, "goal_state_unavailable");
    const states = vm.log.lines.filter((it) => it.includes('{"state":'))
      .map((it) => it.includes("NotReady") ? "NotReady" : "Ready");
    assertEquals([...new Set(states)], ["Ready"]);
    assertMatch(vm.log.lines.at(-1)!, /^warn: Cannot report Ready to /);
    assertEquals(await markOf(vm), undefined);
  });
}

Deno.test("provision() leaves Ready without a goal state half a minute at least in an hour", async () => {
  await using vm = await madeUpVm({
    faults: ["503@goal-state", "503@health-json=2"],
    options: { timeoutMs: 3_600_000 },
  });
  const { clock } = vm.options;
  assertEquals(await provision(vm.options), "provisioned");
  assert(clock.now() <= 3_600_000, `${clock.now()}`);
  assertEquals(posts(vm), [
    "wireserver POST 503",
    "wireserver POST 503",
    "wireserver POST Ready",
  ]);
});

Deno.test("provision() waits for the goal state to the end of its time where nothing answers", async () => {
  await using vm = await madeUpVm({
    faults: ["reset@goal-state"],
    options: { timeoutMs: 3_600_000 },
  });
  await assertRejects(() => provision(vm.options), CallError);
  assert(vm.options.clock.now() > 3_597_000, `${vm.options.clock.now()}`);
});

Deno.test("provision() reports NotReady in JSON if the goal state is refused and the VM cannot have its name", async () => {
  await using vm = await madeUpVm({
    faults: ["400@goal-state", "reset@metadata"],
    options: NAME_REQUIRED,
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "metadata_unavailable");
  assertEquals(posts(vm), ["wireserver POST NotReady"]);
  assertEquals(await markOf(vm), undefined);
});

Deno.test("provision() leaves a VM alone that is marked although its goal state is refused", async () => {
  await using vm = await madeUpVm({
    faults: ["400@goal-state"],
    mark: markText(THIS_VM),
  });
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(story(vm), ["imds GET 200"]);
  assertEquals(await readMarkText(vm), markText(THIS_VM));
});

Deno.test("provision() reports Ready again where nothing tells whose the mark is, as that does no harm", async () => {
  await using vm = await madeUpVm({
    faults: ["400@goal-state", "404@metadata"],
    mark: markText(THIS_VM),
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(posts(vm), ["wireserver POST Ready"]);
});
