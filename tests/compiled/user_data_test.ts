import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { namesIn } from "../helpers/names_in.ts";
import type { Vm } from "../helpers/vm.ts";
import { vmTest } from "../helpers/vm_case.ts";

const SCRIPT = "#!/bin/sh\necho secret >/var/lib/ran\n";

/** Returns the files in the state directory of a VM, without its lock and record. */
async function stateOf(vm: Vm): Promise<string[]> {
  const names = await namesIn(`${vm.varLibDir}/azure-provisioning`);
  return names.filter((name) => /mark|provisioned|[uU]ser/.test(name));
}

vmTest(
  "the compiled program writes user data before Ready, for root only, and does not run it",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform(["--user-data", SCRIPT]);
    const boot = await vm.provision(["provision", "--log-level", "debug"]);
    assertEquals(boot.code, 0, boot.stderr);
    const path = `${vm.varLibDir}/azure-provisioning/userData`;
    assertEquals(await Deno.readTextFile(path), SCRIPT);
    const { mode, uid } = await Deno.stat(path);
    assertEquals([mode! & 0o777, uid], [0o600, 0]);
    assertEquals(await stateOf(vm), ["provisioned.json", "userData"]);
    assertEquals(await namesIn(vm.varLibDir), ["azure-provisioning"]);
    assert(!/secret|c2VjcmV0/.test(boot.stderr), boot.stderr);
    assert(
      boot.stderr.indexOf("userData") < boot.stderr.indexOf("Sending the"),
      boot.stderr,
    );
    assertEquals((await platform.stop()).code, 0);
  },
);

vmTest(
  "the compiled program leaves no user data of another VM, even if it writes none",
  { root: "machine" },
  async (vm) => {
    const first = await vm.startPlatform([
      "--vm-id",
      "00000001-0000-4000-8000-000000000000",
      "--user-data",
      SCRIPT,
    ]);
    assertEquals((await vm.provision()).code, 0);
    await first.stop();
    const second = await vm.startPlatform([
      "--vm-id",
      "00000002-0000-4000-8000-000000000000",
    ]);
    const boot = await vm.provision();
    assertEquals(boot.code, 0, boot.stderr);
    assertEquals(await stateOf(vm), ["provisioned.json"]);
    await second.stop();

    const third = await vm.startPlatform([
      "--vm-id",
      "00000003-0000-4000-8000-000000000000",
      "--user-data",
      SCRIPT,
    ]);
    const without = await vm.provision(["provision", "--without", "userdata"]);
    assertEquals(without.code, 0, without.stderr);
    assertEquals(await stateOf(vm), ["provisioned.json"]);
    await third.stop();
  },
);

vmTest(
  "user data that is too large is reported as NotReady, with the reason",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform([
      "--user-data",
      "x".repeat(64 * 1024 + 1),
    ]);
    const boot = await vm.provision();
    assertEquals(boot.code, 65, boot.stderr);
    assertStringIncludes(
      boot.stderr,
      "Error: The user data in the metadata is over 65536 bytes",
    );
    assertEquals(await stateOf(vm), []);
    const { code, stderr } = await platform.stop();
    assertEquals(code, 75, "not ready");
    assertStringIncludes(stderr, "NotReady");
  },
);
