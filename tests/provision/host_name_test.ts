import { assert, assertEquals, assertRejects } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { testClock } from "../helpers/test_clock.ts";
import { markOf } from "./_marks.ts";
import { madeUpVm, NAME_REQUIRED, story, type VmOptions } from "./_vm.ts";

Deno.test("provision() reports ready without a name where the metadata stay away, after a quarter of its time", async () => {
  await using vm = await madeUpVm({ faults: ["404@metadata"] });
  const clock = testClock();
  assertEquals(await provision({ ...vm.options, clock }), "provisioned");
  assertEquals(story(vm).at(-1), "wireserver POST Ready");
  assertEquals(vm.host.runs, []);
  assert(clock.time > 0 && clock.time <= 1000, String(clock.time));
  assertEquals(Object.keys(await markOf(vm) as object), [
    "instanceId",
    "at",
    "version",
  ]);
  assert(
    vm.log.lines.some((line) =>
      line.startsWith(
        `warn: Cannot get the instance metadata from 127.0.0.1:${vm.test.platform.imds.port}: `,
      ) &&
      line.endsWith("; the VM keeps the name that it has")
    ),
  );
});

Deno.test("provision() waits for metadata that come late", async () => {
  await using vm = await madeUpVm({ faults: ["410@metadata=2"] });
  assertEquals(
    await provision({ ...vm.options, timeoutMs: 1_200_000 }),
    "provisioned",
  );
  assertEquals(vm.host.currentName(), "vm");
});

Deno.test("provision() takes the name of an old platform", async () => {
  await using vm = await madeUpVm({
    faults: ["old-metadata"],
    platform: { vmName: "old_vm" },
  });
  await provision(vm.options);
  assertEquals(vm.host.currentName(), "old-vm");
});

const KEEPS = "; the VM keeps the name that it has";

for (
  const [what, options, problem, end] of [
    [
      "cannot be set",
      { host: { programs: { hostname: "fails" } } },
      'The host name "vm" takes effect at the next boot only: hostname: broken; check that the program works for root',
      "",
    ],
    [
      "cannot be one",
      { platform: { computerName: "a b" } },
      'The name "a b" from the instance metadata cannot be a host name',
      KEEPS,
    ],
    [
      "is not there",
      { platform: { computerName: "", vmName: "" } },
      "The instance metadata has neither a computerName nor a name",
      KEEPS,
    ],
  ] as readonly [string, VmOptions, string, string][]
) {
  Deno.test(`provision() reports ready with a warning if the name ${what}`, async () => {
    await using vm = await madeUpVm(options);
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    const warning = vm.log.lines.find((line) =>
      line.startsWith(`warn: ${problem}`)
    );
    assert(warning !== undefined, vm.log.lines.join("\n"));
    if (end === "") assertEquals(warning, `warn: ${problem}`);
    else assert(warning.endsWith(end), warning);
  });

  Deno.test(`provision() reports NotReady if the name ${what} and is required`, async () => {
    await using vm = await madeUpVm({
      ...options,
      options: NAME_REQUIRED,
    });
    const error = await assertRejects(
      () => provision(vm.options),
      ProvisioningError,
      problem,
    );
    assertEquals(story(vm).at(-1), "wireserver POST NotReady");
    const { ready, notReady } = vm.test.platform.verdict();
    assert(!ready);
    assertEquals(notReady?.subStatus, "ProvisioningFailed");
    assertEquals(
      notReady?.description,
      `${error.key}: ${error.message}`.slice(0, 512),
    );
    assertEquals(await markOf(vm), undefined);
  });
}
