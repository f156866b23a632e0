import { assert, assertEquals, assertMatch } from "@std/assert";
import { runOnTree, shellTest } from "./_shells.ts";
import { makeTree, readTree, USED_IMAGE } from "./_tree.ts";

shellTest(
  "--logs empties logs, and removes old ones, the journal and histories",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    await Deno.link(`${root}/var/log/syslog`, `${folder}/backup`);
    await Deno.chmod(`${root}/var/log/syslog`, 0o640);
    await runOnTree(shell, "generalize.sh", root, ["--yes", "--logs"]);
    const after = await readTree(root);
    assertMatch(after.get("/var/log/syslog")!, /^640 \S+ $/);
    assertMatch(after.get("/var/log/apt/history.log")!, /^644 \S+ $/);
    assertEquals(await Deno.readTextFile(`${folder}/backup`), "a line\n");
    const journal = "/var/log/journal/0123456789abcdef0123456789abcdef";
    for (
      const path of [journal, "/var/log/syslog.2.gz", "/root/.bash_history"]
    ) {
      assertEquals(after.has(path), false, path);
    }
    assert(after.has("/var/log/journal") && after.has("/root/.profile"));
  },
);
