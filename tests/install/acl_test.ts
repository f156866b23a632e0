import { assertEquals } from "@std/assert";
import { missingProgram } from "../helpers/missing_program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree } from "./_tree.ts";

const OBSTACLE = missingProgram(["setfacl"]);
if (OBSTACLE !== undefined) {
  console.error("Access control lists are skipped: they need setfacl");
}

installTest(
  "folders whose access control lists let others write to what is made in them get no such files",
  async (given) => {
    if (OBSTACLE !== undefined) return;
    const { root, run } = given;
    await makeTree(root, BARE, INITS["busybox"]!, {
      "etc/x": "",
      "usr/local/x": "",
    });
    // Some file systems have no such lists.
    const { code } = await run([
      "-c",
      'setfacl -d -m u:1000:rwx "$0/etc" "$0/usr/local"',
      root,
    ]);
    if (code !== 0) return;
    assertEquals(
      (await given.install(["--init", "busybox,systemd"])).code,
      0,
    );
    for (
      const path of [
        "etc/inittab",
        "etc/systemd",
        "etc/systemd/system/azure-provisioning.service",
        "usr/local/bin/azure-provisioning",
        "usr/local/lib",
        "usr/local/lib/azure-provisioning",
        "usr/local/lib/azure-provisioning/first-boot",
        "usr/local/lib/azure-provisioning/manifest",
      ]
    ) {
      // The bits of the group limit what the lists grant.
      const { mode } = await Deno.stat(`${root}/${path}`);
      assertEquals(mode! & 0o022, 0, path);
    }
  },
);
