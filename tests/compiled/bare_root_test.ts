import { assertEquals, assertStringIncludes } from "@std/assert";
import { vmTest } from "../helpers/vm_case.ts";

const HOSTNAME = await firstFile(["/usr/bin/hostname", "/bin/hostname"]);

vmTest(
  "the compiled program provisions a root with only its libraries and hostname",
  { root: { programs: [HOSTNAME] } },
  async (vm) => {
    const platform = await vm.startPlatform(["--computer-name", "bare-vm"]);
    const boot = await vm.provision();
    assertEquals(boot.code, 0, boot.stderr);
    assertStringIncludes(
      boot.stderr,
      'Host name set to "bare-vm" by hostname',
    );
    assertEquals(await Deno.readTextFile(`${vm.etcDir}/hostname`), "bare-vm\n");
    assertEquals((await platform.stop()).code, 0);
  },
);

vmTest(
  "the compiled program provisions a root without any other program",
  { root: { programs: [] } },
  async (vm) => {
    const platform = await vm.startPlatform(["--computer-name", "bare-vm"]);
    const boot = await vm.provision();
    assertEquals(boot.code, 0, boot.stderr);
    assertStringIncludes(
      boot.stderr,
      'Warning: Neither hostnamectl nor hostname is installed: the host name "bare-vm" takes effect at the next boot',
    );
    assertEquals(await Deno.readTextFile(`${vm.etcDir}/hostname`), "bare-vm\n");
    assertEquals((await platform.stop()).code, 0);
  },
);

async function firstFile(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    if (await Deno.stat(path).then((it) => it.isFile, () => false)) return path;
  }
  return paths[0]!;
}
