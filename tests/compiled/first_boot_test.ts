import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertFirstBootLog } from "../helpers/assert_first_boot_log.ts";
import { vmTest } from "../helpers/vm_case.ts";

const COMPUTER = ["--computer-name", "first-boot-vm", "--json"];

vmTest(
  "the compiled program provisions a VM whose platform is at the real addresses",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform(COMPUTER);
    const outside = Deno.hostname();
    const boot = await vm.run('"$0" && hostname && hostname -i');

    assertEquals(boot.code, 0, boot.stderr);
    assertEquals(boot.stdout, "first-boot-vm\n127.0.1.1\n");
    assertEquals(Deno.hostname(), outside);
    assertEquals(
      await Deno.readTextFile(`${vm.etcDir}/hostname`),
      "first-boot-vm\n",
    );
    assertEquals(
      await Deno.readTextFile(`${vm.etcDir}/hosts`),
      "127.0.0.1\tlocalhost\n127.0.1.1\timage\n" +
        "127.0.1.1\tfirst-boot-vm\t# Added by azure-provisioning\n",
    );
    const lines = boot.stderr.split("\n");
    assertFirstBootLog(lines);
    for (
      const line of [
        'Host name set to "first-boot-vm" by hostname',
        "Warning: dns: no known DHCP client was found that could pass the name on to DNS; skipped",
      ]
    ) assertEquals(lines.includes(line), true, `"${line}" in ${boot.stderr}`);

    const verdict = JSON.parse(
      (await platform.stop()).stdout.trim().split("\n").at(-1)!,
    );
    assertEquals(verdict.ready, true);
    assertEquals(verdict.refusals, []);
    assertEquals(verdict.requests, 3);
  },
);

vmTest(
  "the compiled program leaves a provisioned VM alone, and provisions one made from its image",
  { root: "machine" },
  async (vm) => {
    const first = await vm.startPlatform([
      "--vm-id",
      "AAAAAAAA-0000-4000-8000-000000000001",
      "--json",
    ]);
    assertEquals((await vm.provision()).code, 0);
    const again = await vm.provision();
    assertEquals(again.code, 0);
    assertMatch(again.stderr, /^This VM was provisioned at .*: nothing to do/);
    const stopped = await first.stop();
    assertEquals(
      JSON.parse(stopped.stdout.trim().split("\n").at(-1)!).requests,
      4,
      "the second boot asks for the metadata only",
    );

    const second = await vm.startPlatform([
      "--vm-id",
      "BBBBBBBB-0000-4000-8000-000000000002",
      "--json",
    ]);
    const image = await vm.provision();
    assertEquals(image.code, 0);
    assertStringIncludes(
      image.stderr,
      'The mark belongs to the VM "aaaaaaaa-0000-4000-8000-000000000001", this is "BBBBBBBB-0000-4000-8000-000000000002": provisioning',
    );
    assertStringIncludes((await second.stop()).stdout, '"ready":true');
    const mark = JSON.parse(
      await Deno.readTextFile(
        `${vm.varLibDir}/azure-provisioning/provisioned.json`,
      ),
    );
    assertEquals(mark.vmId, "bbbbbbbb-0000-4000-8000-000000000002");
    assertEquals(
      mark.instanceId,
      "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
    );
  },
);

vmTest(
  "the compiled program waits for a platform that comes up late",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform(["--fault", "late-start=1.5"]);
    const boot = await vm.provision();
    assertEquals(boot.code, 0, boot.stderr);
    assertMatch(
      boot.stderr,
      /Try 1 to get the goal state from 168\.63\.129\.16 failed: Connection refused; next try in/,
    );
    assertEquals((await platform.stop()).code, 0);
  },
);

vmTest(
  "the compiled program gives up in time if nothing answers, and says so",
  { root: "machine" },
  async (vm) => {
    const boot = await vm.provision(["--timeout", "1"]);
    assertEquals(boot.code, 69);
    assertMatch(
      boot.stderr.trim().split("\n").at(-1)!,
      /^Error: Cannot get the goal state from 168\.63\.129\.16: [A-Z].* \([0-9]+ tr(y|ies) in [0-9.]+ s, time is up\); check that the network is up/,
    );
  },
);

vmTest(
  "the compiled program reports NotReady with --require-hostname and a name that Linux does not accept",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([
      "--computer-name",
      "no such;name",
      "--json",
    ]);
    const boot = await vm.provision(["--require-hostname"]);
    assertEquals(boot.code, 65);
    assertStringIncludes(boot.stderr, '"no such;name"');
    const verdict = JSON.parse(
      (await platform.stop()).stdout.trim().split("\n").at(-1)!,
    );
    assertEquals(verdict.ready, false);
    assertEquals(verdict.notReady.subStatus, "ProvisioningFailed");
    assertMatch(verdict.notReady.description, /^host_name_invalid: /);
    assertEquals(await Deno.readTextFile(`${vm.etcDir}/hostname`), "image\n");
  },
);
