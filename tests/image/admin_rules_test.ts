import { assertEquals, assertStringIncludes } from "@std/assert";
import { runOnTree, shellTest } from "./_shells.ts";
import { difference, type Files, makeTree, readTree } from "./_tree.ts";

const ACCOUNTS: Files = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n",
  "/etc/shadow": "root:$6$x:1::::::\n",
};

/** Files that have rules of nobody but the user. */
const ONLY: Files = {
  "/etc/sudoers.d/name": "# ann's\nann ALL=ALL\n",
  "/etc/sudoers.d/quoted": '"ann" ALL=ALL\n',
  "/etc/sudoers.d/number": "#1000 ALL=ALL",
};

/** Files that name the user, and have something else as well. */
const ALSO: Files = {
  "/etc/sudoers": "root ALL=ALL\nann ALL=ALL\n",
  "/etc/sudoers.d/alias": "User_Alias ADMINS = bob, ann\nADMINS ALL=ALL\n",
  "/etc/sudoers.d/list": "bob,ann ALL=ALL\n",
  "/etc/sudoers.d/two-lines": "bob,\\\nann ALL=ALL\n",
  "/etc/sudoers.d/include": "ann ALL=ALL\n#includedir /etc/sudoers.more\n",
  "/etc/sudoers.d/other-number": "ann ALL=ALL\n#1001 ALL=ALL\n",
  "/etc/doas.conf": "permit nopass ann as root\n",
};

/** Files that do not name the user. */
const OTHERS: Files = {
  "/etc/sudoers.d/longer": "annie ALL=ALL\njo-ann ALL=ALL\n# ann ALL=ALL\n",
};

shellTest(
  "--user removes rules that are the user's alone, and names files that have others as well",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, { ...ACCOUNTS, ...ONLY, ...ALSO, ...OTHERS });
    const before = await readTree(root);
    const args = ["--yes", "--user=ann"];
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      args,
    );
    assertEquals([code, stderr], [0, ""]);
    const { removed } = difference(before, await readTree(root));
    assertEquals(removed, Object.keys(ONLY).sort());
    for (const path of Object.keys(ALSO)) {
      assertStringIncludes(stdout, `  ${root}${path}: has `);
    }
    for (const path of Object.keys(OTHERS)) {
      assertEquals(stdout.includes(`${root}${path}: `), false, stdout);
    }
  },
);

shellTest(
  "rules of others in doas.conf and sudoers are not spoken of",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...ACCOUNTS,
      "/etc/sudoers": "root ALL=ALL\n# ann\n",
      "/etc/doas.conf": "permit annie # not ann\n",
    });
    const { stdout } = await runOnTree(shell, "generalize.sh", root, [
      "--dry-run",
      "--user=ann",
    ]);
    assertEquals(/sudoers|doas/.test(stdout), false, stdout);
  },
);
