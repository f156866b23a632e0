import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { run, shellTest } from "./_shells.ts";
import { makeTree } from "./_tree.ts";

const IS_ROOT = Deno.uid() === 0;
if (!IS_ROOT) {
  console.error("Tests of others' links are skipped: they need root");
}

/** Somebody who has folders of their own on the machine. */
const STRANGER = 1000;

/** Folders that hold a link to `there`: mode, owner, group, owner of the link, and whether it is followed. */
const FOLDERS: Readonly<
  Record<string, readonly [number, number, number, number, boolean]>
> = {
  "/roots": [0o755, 0, 0, 0, true],
  "/roots-with-another's-link": [0o755, 0, 0, STRANGER, true],
  "/roots-group": [0o775, 0, 0, 0, true],
  "/another-group": [0o775, 0, 104, 0, false],
  "/another-group-and-theirs": [0o2775, 0, 104, STRANGER, false],
  "/anybody": [0o777, 0, 0, 0, false],
  "/sticky": [0o1777, 0, 0, 0, true],
  "/sticky-and-theirs": [0o1777, 0, 0, STRANGER, false],
  "/theirs": [0o755, STRANGER, STRANGER, 0, false],
  "/theirs/in/it": [0o755, 0, 0, 0, false],
};

if (IS_ROOT) {
  shellTest(
    "on the running machine, a link that others can replace is not followed, but in a tree it is",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, {
        "/there/file": "",
        ...Object.fromEntries(
          Object.keys(FOLDERS).map((path) => [`${path}/link`, "-> /there"]),
        ),
      });
      for (const [path, [mode, uid, gid, linkUid]] of Object.entries(FOLDERS)) {
        await Deno.chown(`${root}${path}`, uid, gid);
        await Deno.chmod(`${root}${path}`, mode);
        // The link itself.
        const { code } = await run([
          "/bin/chown",
          "-h",
          `${linkUid}`,
          `${root}${path}/link`,
        ]);
        assertEquals(code, 0);
      }
      const followed = async (running: boolean): Promise<string[]> => {
        const { stdout, stderr } = await run([
          ...shell.command,
          "-euc",
          `tree=$2 running=$3
          for part in words printable messages tools paths inside foreign_links; do . "$1/image/$part.sh"; done
          links_of_others=leave
          [ "$running" = yes ] || root=$tree
          shift 3
          for path; do
            # Without a tree, the link is looked up by its whole path, and leads out of the folder of the test.
            if [ "$running" = yes ]; then path=$tree$path; fi
            if resolve "$path/link/"; then printf '%s\\n' "$path"; fi
          done`,
          "sh",
          ROOT,
          root,
          running ? "yes" : "no",
          ...Object.keys(FOLDERS),
        ], { PATH: shell.path });
        assertEquals(stderr, "");
        return stdout.trim().split("\n").map((path) => path.replace(root, ""));
      };
      assertEquals(
        await followed(true),
        Object.keys(FOLDERS).filter((path) => FOLDERS[path]![4]),
      );
      assertEquals(await followed(false), Object.keys(FOLDERS));
    },
  );
}
