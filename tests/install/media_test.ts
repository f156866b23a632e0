import { assert, assertEquals } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

const SCRIPT = "usr/local/lib/azure-provisioning/media";
const UNIT = "etc/systemd/system/azure-provisioning-media.service";

for (const [init, files] of Object.entries(INITS)) {
  installTest(
    `puts what copies from the provisioning media into an image with ${init}, and takes it back`,
    async ({ root, install }) => {
      await makeTree(root, BARE, files);
      const before = await snapshot(root);
      const { code, stderr } = await install();
      assertEquals(code, 0, stderr);
      const installed = await snapshot(root);
      assert(installed.some((line) => line.startsWith(`${SCRIPT} 100755 `)));
      assertEquals(
        installed.some((line) => line.startsWith(`${UNIT} 100644 `)),
        init === "systemd",
      );
      // Nothing enables it: the program's unit, or first-boot, starts it.
      assertEquals(
        installed.filter((line) => /^\S*media\S* -> /.test(line)),
        [],
      );
      assertEquals((await install(["--uninstall"])).code, 0);
      assertEquals(await snapshot(root), before);
    },
  );
}

installTest(
  "--uninstall takes away the copy of what the media say, where /run is on a disk",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await install();
    const copy = "run/azure-provisioning/ovf-env.xml";
    await makeTree(root, { [copy]: "<secret/>" });
    assertEquals((await install(["--uninstall"])).code, 0);
    assertEquals(
      (await snapshot(root)).filter((line) => line.startsWith(copy)),
      [],
    );
  },
);
