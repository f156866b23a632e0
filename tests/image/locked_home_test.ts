import { assertEquals, assertStringIncludes } from "@std/assert";
import { lockHome } from "../../lib/parts/login/home/home_lock.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { runOnTree, shellTest } from "./_shells.ts";
import { makeTree, readTree, USED_IMAGE } from "./_tree.ts";

const RECORD = "/var/lib/azure-provisioning/locked-home.json";

/** What `lib/parts/login/home/home_lock.ts` writes while a home belongs to root. */
function record(home: string): string {
  return `${
    JSON.stringify({
      home,
      ino: 7,
      owner: 1000,
      uid: 1000,
      gid: 1000,
      temporary: `.authorized_keys.${crypto.randomUUID()}`,
    })
  }\n`;
}

shellTest(
  "a home that an interrupted run left to root is captured in no image",
  async (shell, folder) => {
    for (
      const [number, [home, shown]] of [
        ["/home/ann", "tree-0/home/ann "],
        ["/home/a'b", "tree-1/home/a'\\''b' "],
        ["/home/a\n::add-path::/x", "The home that "],
      ].entries()
    ) {
      const root = `${folder}/tree-${number}`;
      await makeTree(root, {
        ...USED_IMAGE,
        [`${home}/.ssh/authorized_keys`]: "key\n",
        [RECORD]: record(home!),
      });
      const before = await readTree(root);
      for (const args of [["--yes"], ["--dry-run"]]) {
        const { code, stderr } = await runOnTree(
          shell,
          "generalize.sh",
          root,
          args,
        );
        assertEquals(code, 78, stderr);
        assertStringIncludes(stderr, shown!);
        assertStringIncludes(stderr, RECORD);
        assertEquals(stderr.trim().split("\n").length, 1, stderr);
      }
      assertEquals(await readTree(root), before);
    }
  },
);

shellTest(
  "a record of a home that is not there, or that is no record, keeps no image from being generalised",
  async (shell, folder) => {
    for (
      const [number, files] of [
        { [RECORD]: record("/home/nobody-here") },
        { [RECORD]: "-> /etc/passwd" },
        { [RECORD]: undefined },
      ].entries()
    ) {
      const root = `${folder}/tree-${number}`;
      await makeTree(root, { ...USED_IMAGE, ...files });
      const { code, stdout, stderr } = await runOnTree(
        shell,
        "generalize.sh",
        root,
        ["--yes"],
      );
      assertEquals([code, stderr], [0, ""], stdout);
      assertEquals((await readTree(root)).has(RECORD), false);
    }
  },
);

Deno.test({
  name: "generalize.sh finds the home in the record that the program writes",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using dir = await tempDir();
    const home = `${dir.path}/ann`;
    await Deno.mkdir(home);
    await Deno.chown(home, 1000, 1000);
    const account = { name: "ann", password: "x", uid: 1000, gid: 1000, home };
    using _lock = lockHome(home, account, {
      homesDirs: [dir.path],
      stateDir: dir.path,
      log: recordingLog(),
    });
    const text = await Deno.readTextFile(`${dir.path}/locked-home.json`);
    assertEquals(text.split(",")[0], record(home).split(",")[0]);
  },
});
