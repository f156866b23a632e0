import { assertEquals, assertStringIncludes } from "@std/assert";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, type Vm, VM_OBSTACLE } from "../helpers/vm.ts";
import { KINDS, MORE_FOR_A_WORKER } from "./attempts/mod.ts";
import { compileInItsPlace } from "./_compile_in_its_place.ts";

const PROBE = new URL("_probe.ts", import.meta.url);

Deno.test({
  name: "the compiled program is refused what its permissions do not name",
  ignore: VM_OBSTACLE !== undefined,
  fn: async (t) => {
    await using dir = await tempDir();
    await using vm = await createVm({ root: "machine" });
    const probe = await compileInItsPlace(PROBE, dir.path);
    const platform = await vm.startPlatform([]);
    await furnish(vm);

    const { stdout, stderr } = await vm.run(
      // Without these, the homes are this machine's.
      `mount -t tmpfs none /home; mount -t tmpfs none /root; mkdir /home/azure /run/azure-provisioning
      cd /var/lib; JOURNAL_STREAM=1:2 timeout 120 ${probe}`,
    );
    const ends = new Map<string, string>(
      stdout.split("\n").filter((line) => line.startsWith("[")).map((line) =>
        JSON.parse(line)
      ),
    );
    for (const [kind, attempts] of KINDS) {
      await t.step(kind, () => {
        assertEquals(
          attempts.map(({ what }) => [what, ends.get(what)]),
          attempts.map(({ what, ends }) => [what, ends]),
        );
        assertEquals(
          attempts.some((it) => it.ends === "works"),
          true,
          "a control that works",
        );
      });
    }
    assertEquals(stderr, "");

    await t.step("a worker with more", async () => {
      const { what, ends } = MORE_FOR_A_WORKER;
      const { code, stdout, stderr } = await vm.run(`${probe} "${what}"`);
      assertEquals(`${code}`, ends);
      assertEquals(stdout, "");
      assertStringIncludes(stderr, "Unstable API 'Worker.deno.permissions'");
    });
    assertStringIncludes((await platform.stop()).stdout, "Requests: 0,");
  },
});

/** Gives the VM the files that the attempts would find if they were not refused. */
async function furnish(vm: Vm): Promise<void> {
  const state = `${vm.varLibDir}/azure-provisioning`;
  await Deno.mkdir(state);
  await Deno.mkdir(`${vm.varLibDir}/hyperv`);
  await Deno.symlink("/proc/self/environ", `${state}/environ`);
  await Deno.symlink("/etc/passwd", `${state}/passwd`);
  await Deno.copyFile("/usr/bin/hostname", `${state}/hostname`);
  await Deno.writeTextFile(`${state}/module.ts`, "");
  await Deno.writeTextFile(
    `${state}/writes.ts`,
    'Deno.writeTextFileSync("/etc/passwd", "x");',
  );
  await Deno.writeTextFile(`${vm.etcDir}/passwd`, "");
  for (const folder of ["ssh/sshd_config.d", "sudoers.d"]) {
    await Deno.mkdir(`${vm.etcDir}/${folder}`, { recursive: true });
  }
  await Deno.writeTextFile(
    `${vm.etcDir}/resolv.conf`,
    "nameserver 10.77.0.1\n",
  );
}
