import { assert, assertEquals, assertRejects } from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { VERSION } from "../../lib/version.ts";
import { markOf, THIS_VM } from "./_marks.ts";
import { GET_BOTH, madeUpVm, story } from "./_vm.ts";

Deno.test("provision() names the host, reports ready last, and marks the VM", async () => {
  const before = Date.now();
  await using vm = await madeUpVm();
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(story(vm).slice(0, 2).sort(), GET_BOTH);
  assertEquals(story(vm).slice(2), ["wireserver POST Ready"]);
  assertEquals(vm.host.currentName(), "vm");
  assertEquals(await vm.host.readEtc("hostname"), "vm\n");
  const { at, ...mark } = await markOf(vm) as { at: string };
  assertEquals<unknown>(mark, { ...THIS_VM, version: VERSION });
  assertEquals(new Date(at).toISOString(), at);
  assert(Date.parse(at) >= before && Date.parse(at) <= Date.now());
  const text = vm.log.lines.join("\n");
  const order = [
    "info: Retrieving goal state from the Wireserver",
    "info: ContainerId: 7b324f53-983a-43bc-b919-1775d6077608",
    "info: InstanceId: fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
    "info: Incarnation: 42",
    'info: Host name set to "vm" by hostnamectl',
    "info: Sending the following data to Wireserver:",
    "info: Response: 200 OK",
    "info: Provisioned: ",
  ].map((line) => text.indexOf(line));
  assertEquals(order, [...order].sort((a, b) => a - b));
  assert(order[0]! >= 0, text);
});

Deno.test("provision() asks for the goal state and the metadata at the same time", async () => {
  const asked = new Set<string>();
  const controller = new AbortController();
  await using vm = await madeUpVm({
    // Neither is answered, so that neither can wait for the other.
    faults: ["hang@goal-state", "hang@metadata"],
    platform: {
      onEvent: ({ service }) => {
        asked.add(service);
        if (asked.size === 2) controller.abort(new Error("both were asked"));
      },
    },
    options: { signal: controller.signal },
  });
  await assertRejects(
    () => provision(vm.options),
    Error,
    "both were asked",
  );
});

Deno.test("provision() sets the name before it reports ready", async () => {
  let nameAtReport: string | undefined;
  await using vm = await madeUpVm({
    platform: {
      onEvent: ({ health }) => {
        if (health !== undefined) nameAtReport = vm.host.currentName();
      },
    },
  });
  await provision(vm.options);
  assertEquals(nameAtReport, "vm");
});

Deno.test("provision() reports the incarnation that the platform has now", async () => {
  await using vm = await madeUpVm({ faults: ["moving-incarnation=1"] });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(story(vm).slice(2), [
    "wireserver POST 410",
    "wireserver GET 200",
    "wireserver POST Ready",
  ]);
});
