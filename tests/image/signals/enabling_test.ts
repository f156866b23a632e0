import { assert, assertEquals } from "@std/assert";
import { isThere } from "../../../lib/files/is_there.ts";
import { shellTest } from "../_shells.ts";
import { makeTree, USED_IMAGE } from "../_tree.ts";
import { endsWithin, halfFiles, SIGNALS, start } from "./_signals.ts";

shellTest(
  "a signal ends generalize.sh while it enables the unit, and no private folder is left",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    const wants = `${root}/etc/systemd/system/multi-user.target.wants`;
    let caught = 0;
    for (let round = 0; round < 12; round++) {
      await Deno.remove(`${wants}/azure-provisioning.service`).catch(() => {});
      const child = start(shell, "image/generalize.sh", folder, ["--yes"]);
      let ended = false;
      child.status.then(() => ended = true);
      while (!ended && !isThere(`${wants}/.azure-provisioning-new`)) {
        await new Promise((done) => setTimeout(done, 0));
      }
      if (ended) continue;
      caught++;
      await endsWithin(child, SIGNALS[round % 3]![0], 1000).catch((error) => {
        if (!(error instanceof TypeError)) throw error;
      });
      assertEquals(await halfFiles(folder), []);
    }
    assert(caught > 0, "the private folder was never seen");
  },
);
