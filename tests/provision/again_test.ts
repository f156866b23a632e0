import { assert, assertEquals } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import type { Mark, VmIdentity } from "../../lib/state/mark.ts";
import { VERSION } from "../../lib/version.ts";
import { INSTANCE_ID, markOf, markText, THIS_VM } from "./_marks.ts";
import {
  madeUpVm,
  METADATA_AWAY,
  METADATA_WITHOUT_ID,
  story,
  type VmOptions,
} from "./_vm.ts";

for (
  const [what, ids, options, sayIt] of [
    [
      "that was made from an image with a mark, if the metadata stay away",
      { vmId: "1d000000-0000-4000-8000-000000000000", instanceId: "image._1" },
      METADATA_AWAY,
      true,
    ],
    [
      "whose mark has another role instance, if the metadata hold no id",
      { vmId: "1d000000-0000-4000-8000-000000000001", instanceId: "image._1" },
      METADATA_WITHOUT_ID,
      true,
    ],
    [
      "whose mark has no id and another role instance",
      { instanceId: "image._1" },
      {},
      true,
    ],
    [
      "whose mark has no role instance, if the metadata stay away",
      { vmId: "1d000000-0000-4000-8000-000000000001" },
      METADATA_AWAY,
      false,
    ],
    [
      "whose mark has neither id, if the metadata stay away",
      {},
      METADATA_AWAY,
      false,
    ],
  ] as readonly [string, VmIdentity, VmOptions, boolean][]
) {
  Deno.test(`provision() provisions a VM ${what}`, async () => {
    await using vm = await madeUpVm({ ...options, mark: markText(ids) });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    assert(vm.test.platform.verdict().ready);
    const { instanceId, version } = await markOf(vm) as Mark;
    assertEquals({ instanceId, version }, {
      instanceId: INSTANCE_ID,
      version: VERSION,
    });
    assertEquals(
      vm.log.lines.some((line) =>
        /^info: The mark is of the VM ".*", this is ".*": provisioning$/.test(
          line,
        )
      ),
      sayIt,
    );
  });
}

for (
  const [what, mark, options, line] of [
    [
      "a VM that was made from another one's image",
      markText({
        vmId: "1d000000-0000-4000-8000-000000000000",
        instanceId: INSTANCE_ID,
      }),
      {},
      'info: The mark is of the VM "1d000000-0000-4000-8000-000000000000", this is "1D000000-0000-4000-8000-000000000001": provisioning',
    ],
    [
      "a VM whose mark is an endless file",
      markText(THIS_VM).padEnd(100_000),
      {},
      / is over 65536 bytes; provisioning as if there were none$/,
    ],
    [
      "a VM whose mark has no id",
      markText(),
      {},
      undefined,
    ],
    [
      "a VM once more if it is told so",
      markText(THIS_VM),
      { force: true },
      "info: This VM was provisioned at 2026-01-02T03:04:05.678Z, and is again, as asked",
    ],
    [
      "a VM whose mark is garbled",
      "garbled",
      {},
      / is not a mark of this program; provisioning as if there were none$/,
    ],
  ] as const
) {
  Deno.test(`provision() provisions ${what}`, async () => {
    await using vm = await madeUpVm({ mark, options });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    const { vmId, instanceId } = await markOf(vm) as Mark;
    assertEquals({ vmId, instanceId }, THIS_VM);
    assert(
      line === undefined ||
        vm.log.lines.some((it) =>
          typeof line === "string" ? it === line : line.test(it)
        ),
      vm.log.lines.join("\n"),
    );
  });
}

for (
  const vmId of [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "not-settable",
  ]
) {
  Deno.test(`provision() takes no VM for the same whose id is ${vmId}, as its mark's is`, async () => {
    await using vm = await madeUpVm({
      platform: { vmId },
      mark: markText({ vmId }),
    });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    const { vmId: marked, instanceId } = await markOf(vm) as Mark;
    assertEquals([marked, instanceId], [undefined, INSTANCE_ID]);
    assert(
      vm.log.lines.includes(
        `warn: The instance metadata has the vmId "${vmId}", which does not identify one VM; going on without it`,
      ),
      vm.log.lines.join("\n"),
    );
  });
}
