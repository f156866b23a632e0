import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { run, type Shell, shellTest } from "./_shells.ts";
import { makeTree } from "./_tree.ts";

const PARTS = ["words", "paths"].map((name) => `. "$1/${name}.sh"`).join("; ");

/** What a script says that has the functions for paths, and a tree. */
async function say(
  shell: Shell,
  root: string,
  script: string,
): Promise<string> {
  const { code, stdout, stderr } = await run([
    ...shell.command,
    "-c",
    `set -euf; ${PARTS}; root=$2; ${script}`,
    "sh",
    `${ROOT}image`,
    root,
  ], { PATH: shell.path });
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

const PATHS = [
  "/bin/sh",
  "/bin/no",
  "/usr/bin/sh",
  "/usr/bin/no",
  "/usr/bin/dangling",
  "/usr/bin/sh/no",
  "/out/passwd",
  "/up/passwd",
  "/loop/x",
  "/no/../usr/bin/sh",
  "/usr/bin/..",
  "/usr/bin/.",
  "/usr/bin/",
  "//usr//bin//sh",
  "usr/bin/sh",
  "usr",
  "/no",
  "/no/no",
  "/",
  "",
  "/tab\there/x",
  "/tab/here/x",
  "/a\n/usr/x",
];

shellTest(
  "what is not there is seen as by following the whole path",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      "/bin": "-> usr/bin",
      "/out": "-> /etc",
      "/up": "-> ../../../../../../etc",
      "/loop": "-> loop",
      "/usr/bin/sh": "",
      "/usr/bin/dangling": "-> /nowhere",
      "/etc/hosts": "",
      "/tab\there/x": "",
    });
    const asked = PATHS.map((path) => `ask '${path}'`).join("; ");
    const answers = (isAbsent: string) =>
      say(
        shell,
        root,
        `${isAbsent}
        ask() {
          resolved=''
          if tree_file "$1"; then echo "file $resolved"; else echo no; fi
          if tree_dir "$1"; then echo "folder $resolved"; else echo no; fi
          if found "$1"; then echo "found $real"; else echo no; fi
        }
        ${asked}; ${asked}`,
      );
    assertEquals(await answers(""), await answers("is_absent() { false; }"));
  },
);

shellTest(
  "a folder that becomes a link to the builder's files is followed inside the tree",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(`${folder}/outside`, { "/secret": "secret" });
    await makeTree(root, { "/etc/plain": "" });
    assertEquals(
      await say(
        shell,
        root,
        `! tree_text /etc/secret || echo early
        mv "$root/etc" "$root/old"
        ln -s "${folder}/outside" "$root/etc"
        if tree_text /etc/secret; then cat "$resolved"; else echo no; fi
        if tree_file /etc/secret; then cat "$resolved"; else echo no; fi`,
      ),
      "no\nno\n",
    );
  },
);
