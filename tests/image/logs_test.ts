import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
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

if (Deno.uid() === 0) {
  // Such as Ubuntu's, which is root's and the group syslog's.
  shellTest(
    "a log in a folder that others may write to is replaced by an empty one of its owner and mode",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, USED_IMAGE);
      await Deno.chmod(`${root}/var/log`, 0o2775);
      await Deno.chown(`${root}/var/log`, 0, 110);
      await Deno.chmod(`${root}/var/log/syslog`, 0o640);
      await Deno.chown(`${root}/var/log/syslog`, 104, 4);
      const { ino } = await Deno.lstat(`${root}/var/log/syslog`);
      const { code, stderr } = await runOnTree(shell, "generalize.sh", root, [
        "--yes",
        "--logs",
      ]);
      assertEquals([code, stderr], [0, ""]);
      const after = await readTree(root);
      assertEquals(after.get("/var/log/syslog"), "640 104:4 ");
      assertNotEquals((await Deno.lstat(`${root}/var/log/syslog`)).ino, ino);
      assertEquals(
        [...after.keys()].filter((path) => path.includes("-new")),
        [],
      );
    },
  );
}
