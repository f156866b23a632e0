import { assert, assertEquals, assertRejects } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import type { VmIdentity } from "../../lib/state/mark.ts";
import {
  INSTANCE_ID,
  markOf,
  markText,
  readMarkText,
  THIS_VM,
} from "./_marks.ts";
import {
  madeUpVm,
  METADATA_AWAY,
  METADATA_WITHOUT_ID,
  NAME_REQUIRED,
  story,
  type VmOptions,
} from "./_vm.ts";

const NOTHING_TO_DO =
  "info: This VM was provisioned at 2026-01-02T03:04:05.678Z: nothing to do (--force provisions again)";

for (
  const [what, ids] of [
    ["both ids", THIS_VM],
    ["the VM's id alone", { vmId: "1d000000-0000-4000-8000-000000000001" }],
    ["another role instance", {
      vmId: "1d000000-0000-4000-8000-000000000001",
      instanceId: "other._1",
    }],
  ] as const
) {
  Deno.test(`provision() does nothing at the next boot of the same VM, whose mark has ${what}`, async () => {
    await using vm = await madeUpVm({ mark: markText(ids) });
    assertEquals(await provision(vm.options), "nothing to do");
    assertEquals(story(vm), ["imds GET 200"]);
    assertEquals(vm.host.runs, []);
    assertEquals(await readMarkText(vm), markText(ids));
    assertEquals(vm.log.lines.slice(-1), [NOTHING_TO_DO]);
  });
}

for (
  const [what, ids, options] of [
    ["if the metadata stay away", THIS_VM, METADATA_AWAY],
    [
      "if the metadata stay away, in capitals",
      {
        vmId: "1d000000-0000-4000-8000-000000000000",
        instanceId: INSTANCE_ID.toUpperCase(),
      },
      METADATA_AWAY,
    ],
    ["if the metadata hold no id", THIS_VM, METADATA_WITHOUT_ID],
    ["if its mark has no id", { instanceId: INSTANCE_ID }, {}],
    [
      "if its mark has no id and the metadata stay away",
      { instanceId: INSTANCE_ID },
      METADATA_AWAY,
    ],
  ] as readonly [string, VmIdentity, VmOptions][]
) {
  Deno.test(`provision() does nothing at the next boot of the same role instance ${what}`, async () => {
    await using vm = await madeUpVm({ ...options, mark: markText(ids) });
    assertEquals(await provision(vm.options), "nothing to do");
    const requests = story(vm);
    assertEquals(requests.filter((it) => it.startsWith("wireserver ")), [
      "wireserver GET 200",
    ]);
    assertEquals(vm.host.runs, []);
    assertEquals(await readMarkText(vm), markText(ids));
    assertEquals(vm.log.lines.slice(-1), [NOTHING_TO_DO]);
  });
}

Deno.test("provision() fails where neither the metadata nor the goal state can tell whose the mark is", async () => {
  await using vm = await madeUpVm({
    mark: markText(THIS_VM),
    faults: ["refuse@metadata", "refuse@goal-state"],
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "goal_state_unavailable");
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(vm.host.runs, []);
  assertEquals(await readMarkText(vm), markText(THIS_VM));
});

Deno.test("provision() leaves no mark of another VM where this one does not get ready", async () => {
  await using vm = await madeUpVm({
    mark: markText({ vmId: "a0000000-0000-4000-8000-000000000001" }),
    platform: { computerName: "-vm" },
    options: NAME_REQUIRED,
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
  assertEquals(await markOf(vm), undefined);
});

Deno.test("provision() asks for the goal state at once if the mark has no id, as no metadata could tell whose it is", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({
    mark: markText(),
    faults: ["hang@goal-state", "hang@metadata"],
    platform: {
      onEvent: ({ service }) => {
        if (service === "wireserver") controller.abort(new Error("it asked"));
      },
    },
    // The metadata get a quarter of it.
    options: { signal: controller.signal, timeoutMs: 8000 },
  });
  const before = performance.now();
  await assertRejects(() => provision(vm.options), Error, "it asked");
  assert(performance.now() - before < 1000, "it waited for the metadata");
});
