import { assertEquals, assertStringIncludes } from "@std/assert";
import { createVm } from "../helpers/vm.ts";
import { vmTest } from "../helpers/vm_case.ts";

vmTest(
  "the compiled program says before all else that it may not write outside its state directory",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([]);
    const boot = await vm.provision(["--state-dir", "/var/lib/elsewhere"]);
    assertEquals(boot.code, 64);
    assertEquals(
      boot.stderr,
      'Error: The option "--state-dir" names "/var/lib/elsewhere", but the program was compiled without the permission to write there; omit the option, or name a folder in "/var/lib/azure-provisioning" (see "azure-provisioning --help")\n',
    );
    assertStringIncludes((await platform.stop()).stdout, "Requests: 0,");
    const inside = "/var/lib/azure-provisioning/inside";
    await vm.startPlatform([]);
    const next = await vm.provision(["--state-dir", inside]);
    assertEquals(next.code, 0, next.stderr);
    assertEquals(
      (await Deno.stat(`${vm.varLibDir}/azure-provisioning/inside/lock`))
        .isFile,
      true,
    );
  },
);

vmTest(
  "the compiled program may not connect to another host",
  { root: "machine" },
  async (vm) => {
    const boot = await vm.provision(["--wireserver", "10.77.0.1:80"]);
    assertEquals(boot.code, 77);
    assertStringIncludes(
      boot.stderr,
      "Cannot get the goal state from 10.77.0.1: The program was compiled without the permission to connect there",
    );
  },
);

vmTest(
  "the compiled program uses no proxy, whatever its environment names",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([]);
    const proxy = "http://10.77.0.1:3128";
    const boot = await vm.run(
      `HTTP_PROXY=${proxy} http_proxy=${proxy} ALL_PROXY=${proxy} all_proxy=${proxy} "$0"`,
    );
    assertEquals(boot.code, 0, boot.stderr);
    const stopped = await platform.stop();
    assertStringIncludes(stopped.stdout, "Ready: yes");
  },
);

vmTest(
  "two VMs at once do not see each other",
  { root: "machine" },
  async (vm) => {
    await using other = await createVm({ root: "machine" });
    const platforms = await Promise.all([
      vm.startPlatform(["--computer-name", "one"]),
      other.startPlatform(["--computer-name", "two"]),
    ]);
    const names = await Promise.all([
      vm.run('"$0" && hostname'),
      other.run('"$0" && hostname'),
    ]);
    assertEquals(names.map((it) => it.stdout), ["one\n", "two\n"]);
    for (const platform of platforms) {
      assertEquals((await platform.stop()).code, 0);
    }
  },
);
