import { assertEquals, assertStringIncludes } from "@std/assert";
import { INITS_IN_TREES } from "../boot/_inits.ts";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "../install/_case.ts";
import { BARE, makeTree as makeBareTree, snapshot } from "../install/_tree.ts";
import { runOnTree, shellTest } from "./_shells.ts";
import { makeTree } from "./_tree.ts";

/** What else an administrator or an earlier version did to disable the unit. */
const DISABLED: Readonly<Record<string, (root: string) => Promise<void>>> = {
  sysv: (root) =>
    Deno.symlink(
      "../init.d/azure-provisioning",
      `${root}/etc/rc2.d/K01azure-provisioning`,
    ),
  runit: (root) =>
    Deno.writeTextFile(`${root}/etc/sv/azure-provisioning/down`, ""),
};

for (const [init, { tree, startedBy }] of Object.entries(INITS_IN_TREES)) {
  const [link, target] = startedBy.split(" -> ");
  // Lines in a file are the unit as well: without them, it is not installed.
  if (target === undefined) continue;
  installTest(
    `--generalize enables the unit for ${init} again`,
    async ({ root, install, run }) => {
      await makeBareTree(root, BARE, tree, { "etc/hostname": "localhost\n" });
      assertEquals((await install()).code, 0);
      const installed = await snapshot(root);
      await Deno.remove(`${root}/${link}`);
      await DISABLED[init]?.(root);
      const generalize = [`${ROOT}install.sh`, "--generalize", "--root", root];
      const { code, stdout, stderr } = await run([...generalize, "--yes"]);
      assertEquals([code, stderr], [0, ""], stdout);
      assertStringIncludes(stdout, `the first-boot unit, for ${init}`);
      assertEquals(await snapshot(root), installed);
      const again = await run([...generalize, "--yes"]);
      assertStringIncludes(again.stdout, "Nothing to do");
    },
  );
}

shellTest(
  "an image without the unit is generalised, and says so",
  async (shell, folder) => {
    await makeTree(folder + "/tree", {
      "/etc/hostname": "x\n",
      "/usr/lib/systemd/systemd": "#!/bin/sh\n",
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
