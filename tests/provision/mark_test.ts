import { assert, assertEquals, assertRejects } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { markOf } from "./_marks.ts";
import { madeUpVm } from "./_vm.ts";

Deno.test("provision() marks the VM after the platform's answer, and not before", async () => {
  const names: string[][] = [];
  await using vm = await madeUpVm({
    faults: ["503@health=1"],
    platform: {
      onEvent: ({ method }) => {
        if (method !== "POST") return;
        names.push([...Deno.readDirSync(vm.stateDir)].map(({ name }) => name));
      },
    },
  });
  await provision(vm.options);
  assertEquals(names, [["lock", "status.json"], ["lock", "status.json"]]);
  assert(await markOf(vm) !== undefined);
});

for (
  const fault of ["500@health", "400@health", "302@health", "reset@health"]
) {
  Deno.test(`provision() marks nothing where the fault ${fault} stays`, async () => {
    await using vm = await madeUpVm({
      faults: [fault, `${fault}-json`],
    });
    await assertRejects(() => provision(vm.options), ProvisioningError);
    assertEquals(await markOf(vm), undefined);
  });
}

Deno.test("provision() marks a VM without an id if the metadata hold none", async () => {
  await using vm = await madeUpVm({ platform: { vmId: "" } });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(Object.keys(await markOf(vm) as object), [
    "instanceId",
    "at",
    "version",
  ]);
});

Deno.test("provision() does not fail if the mark cannot be written, after the VM is ready", async () => {
  await using vm = await madeUpVm();
  await Deno.writeTextFile(`${vm.stateDir}/file`, "");
  const outcome = await provision({
    ...vm.options,
    stateDir: `${vm.stateDir}/file`,
  });
  assertEquals(outcome, "provisioned");
  assert(vm.test.platform.verdict().ready);
});
