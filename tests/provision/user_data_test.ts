import { assert, assertEquals, assertRejects } from "@std/assert";
import { PARTS } from "../../lib/parts/parts.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { markText } from "./_marks.ts";
import { madeUpVm, story, type Vm, type VmOptions } from "./_vm.ts";

const SCRIPT = "#!/bin/sh\necho secret\n";
const OLD = "another VM's";

/** A VM with the part `userdata`, and another VM's user data on its disk. */
async function vmWithOldData(
  userData: string,
  { part = true, ...more }: VmOptions & { part?: boolean } = {},
): Promise<Vm> {
  const vm = await madeUpVm({
    platform: { userData },
    ...more,
    options: {
      parts: PARTS,
      selection: new Map(part ? [["userdata", "selected"]] : []),
      ...more.options,
    },
  });
  await Deno.writeTextFile(`${vm.stateDir}/userData`, OLD);
  return vm;
}

function dataOf({ stateDir }: Vm): Promise<string | undefined> {
  return Deno.readTextFile(`${stateDir}/userData`).catch(() => undefined);
}

Deno.test("provision() puts the VM's user data in the place of another VM's, and logs none", async () => {
  await using vm = await vmWithOldData(btoa(SCRIPT));
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await dataOf(vm), SCRIPT);
  assert(!/secret|c2VjcmV0/.test(vm.log.lines.join("\n")));
  const record = await Deno.readTextFile(`${vm.stateDir}/status.json`);
  assert(!/secret|c2VjcmV0/.test(record), record);
});

Deno.test("provision() leaves no user data of another VM, whatever becomes of this one's", async () => {
  const another = markText({ vmId: "a0000000-0000-4000-8000-000000000001" });
  for (
    const [userData, more] of [
      ["", {}],
      ["", { mark: another }],
      [btoa(SCRIPT), { part: false }],
      ["", { faults: ["404@metadata"], mark: markText() }],
    ] as const
  ) {
    await using vm = await vmWithOldData(userData, more);
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(await dataOf(vm), undefined, JSON.stringify(more));
  }
  // Nothing comes of the goal state, but the mark is another VM's for sure.
  await using vm = await vmWithOldData("", {
    faults: ["garbage@goal-state"],
    mark: another,
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(await dataOf(vm), undefined);
});

Deno.test("provision() takes away what a write of another VM's user data left that was cut off", async () => {
  await using vm = await vmWithOldData("");
  const cutOff = `${vm.stateDir}/.userData.azure-provisioning`;
  await Deno.rename(`${vm.stateDir}/userData`, cutOff);
  assertEquals(await provision(vm.options), "provisioned");
  await assertRejects(() => Deno.lstat(cutOff), Deno.errors.NotFound);
});

Deno.test("provision() leaves a VM's own user data alone at its next boot", async () => {
  await using vm = await vmWithOldData("", {
    mark: markText({ vmId: "1d000000-0000-4000-8000-000000000001" }),
  });
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(await dataOf(vm), OLD);
});

Deno.test("provision() reports user data that cannot be used as NotReady", async () => {
  await using vm = await vmWithOldData("no base64!");
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "user_data_invalid");
  assertEquals(await dataOf(vm), undefined);
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
});
