import { assertEquals, assertStringIncludes } from "@std/assert";
import { runOnTree, shellTest } from "./_shells.ts";
import { type Files, makeTree, readTree } from "./_tree.ts";

const PROGRAM = "#!/bin/sh\n";

/** An image for each init, with a unit that an administrator or an earlier version disabled, and what the next VM needs. */
const INITS: Readonly<
  Record<string, { files: Files; has?: string; hasNot?: string }>
> = {
  systemd: {
    files: {
      "/usr/lib/systemd/systemd": PROGRAM,
      "/etc/systemd/system/azure-provisioning.service": "[Service]\n",
    },
    has:
      "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service",
  },
  openrc: {
    files: {
      "/sbin/openrc-run": PROGRAM,
      "/etc/init.d/azure-provisioning": PROGRAM,
    },
    has: "/etc/runlevels/default/azure-provisioning",
  },
  sysv: {
    files: {
      "/sbin/telinit": PROGRAM,
      "/etc/inittab": "",
      "/etc/init.d/azure-provisioning": PROGRAM,
      "/etc/rc2.d/K01azure-provisioning": "-> ../init.d/azure-provisioning",
    },
    has: "/etc/rc2.d/S01azure-provisioning",
    hasNot: "/etc/rc2.d/K01azure-provisioning",
  },
  runit: {
    files: {
      "/sbin/init": "-> runit-init",
      "/sbin/runit-init": PROGRAM,
      "/etc/runit/2": PROGRAM,
      "/etc/sv/azure-provisioning/run": PROGRAM,
      "/etc/sv/azure-provisioning/down": "",
      "/etc/service": undefined,
    },
    has: "/etc/service/azure-provisioning",
    hasNot: "/etc/sv/azure-provisioning/down",
  },
  s6: {
    files: {
      "/usr/bin/s6-svscan": PROGRAM,
      "/etc/s6/sv/azure-provisioning/run": PROGRAM,
      "/etc/s6/service": undefined,
      "/var/lib/azure-provisioning/boot-done": "",
    },
    has: "/etc/s6/service/azure-provisioning",
    hasNot: "/var/lib/azure-provisioning/boot-done",
  },
  finit: {
    files: {
      "/sbin/finit": PROGRAM,
      "/etc/finit.d/available/azure-provisioning.conf": "run\n",
      "/var/lib/azure-provisioning/boot-done": "",
    },
    has: "/etc/finit.d/enabled/azure-provisioning.conf",
    hasNot: "/var/lib/azure-provisioning/boot-done",
  },
};

for (const [init, { files, has, hasNot }] of Object.entries(INITS)) {
  shellTest(`the unit for ${init} is enabled again`, async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, { "/etc/passwd": "", ...files });
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      ["--yes"],
    );
    assertEquals([code, stderr], [0, ""], stdout);
    assertStringIncludes(stdout, `the first-boot unit, for ${init}`);
    const after = await readTree(root);
    if (has !== undefined) assertEquals(after.has(has), true);
    if (hasNot !== undefined) assertEquals(after.has(hasNot), false);
    const again = await runOnTree(shell, "generalize.sh", root);
    assertStringIncludes(again.stdout, "Nothing to do");
  });
}

shellTest(
  "an image without the unit is generalised, and says so",
  async (shell, folder) => {
    await makeTree(folder + "/tree", {
      "/etc/hostname": "x\n",
      "/usr/lib/systemd/systemd": PROGRAM,
    });
    const { code, stdout } = await runOnTree(
      shell,
      "generalize.sh",
      folder + "/tree",
      ["--yes"],
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "no first-boot unit of azure-provisioning");
  },
);
