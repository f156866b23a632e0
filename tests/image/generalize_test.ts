import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { find, run, runOnTree, shellTest } from "./_shells.ts";
import {
  difference,
  LEFTOVERS,
  listed,
  makeTree,
  outermost,
  readTree,
  USED_IMAGE,
  WANTS,
} from "./_tree.ts";

const UNIT = "/etc/systemd/system/azure-provisioning-host-keys.service";

shellTest(
  "a dry run lists everything and changes nothing",
  async (shell, folder) => {
    const root = `${folder}/the tree`;
    await makeTree(root, USED_IMAGE);
    const before = await readTree(root);
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      ["--dry-run", "--yes", "--logs"],
    );
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "Nothing was changed.");
    assertEquals(await readTree(root), before);
  },
);

shellTest(
  "all that a VM left goes, and only what was listed",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    const before = await readTree(root);
    const list = await runOnTree(shell, "generalize.sh", root, ["--dry-run"]);
    const done = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals([done.code, done.stderr], [0, ""], done.stdout);
    const after = await readTree(root);
    const { removed, added, changed } = difference(before, after);

    assertEquals(outermost(removed), LEFTOVERS);
    assertEquals(listed(list.stdout, root, "remove"), LEFTOVERS);
    assertEquals(added, [
      UNIT,
      `${WANTS}/azure-provisioning-host-keys.service`,
      `${WANTS}/azure-provisioning.service`,
    ]);
    assertEquals(changed, ["/etc/hostname", "/etc/hosts", "/etc/machine-id"]);
    const text = (path: string) => after.get(path)!.replace(/^\d+ \S+ /, "");
    assertEquals(text("/etc/hosts"), "127.0.0.1\tlocalhost\n");
    assertEquals(text("/etc/hostname"), "localhost\n");
    assertEquals(text("/etc/machine-id"), "");
    assertStringIncludes(text(UNIT), "ExecStart=/usr/bin/ssh-keygen -A\n");
    assertStringIncludes(
      list.stdout,
      "50-cloud-init.yaml: written by cloud-init",
    );
  },
);

shellTest("a second run finds nothing to do", async (shell, folder) => {
  await makeTree(`${folder}/tree`, USED_IMAGE);
  await runOnTree(shell, "generalize.sh", `${folder}/tree`, [
    "--yes",
    "--logs",
  ]);
  const before = await readTree(`${folder}/tree`);
  // Not even a question: there is nothing to confirm.
  const { code, stdout } = await runOnTree(
    shell,
    "generalize.sh",
    `${folder}/tree`,
    ["--logs"],
  );
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Nothing to do: the image in ");
  assertEquals(await readTree(`${folder}/tree`), before);
});

shellTest(
  "without --yes and a terminal nothing is changed",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    const before = await readTree(root);
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
    );
    assertEquals(code, 64);
    assertEquals(listed(stdout, root, "remove"), LEFTOVERS);
    assertStringIncludes(stderr, "Nothing was changed: there is no terminal");
    assertEquals(await readTree(root), before);
  },
);

shellTest("wrong usage changes nothing", async (shell, folder) => {
  const root = `${folder}/tree`;
  await makeTree(root, USED_IMAGE);
  const before = await readTree(root);
  for (
    const args of [
      ["--yes", "--unknown"],
      ["--yes", "etc"],
      ["--yes", "--user"],
      ["--yes", "--user="],
      ["--yes", "--user", "--logs"],
      ["--yes", "--user", "../ann"],
      ["--yes", "--user", "root"],
      ["--yes", ""],
    ]
  ) {
    const { code, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      args,
    );
    assertEquals(code, 64, args.join(" "));
    assertMatch(stderr, /^Error: /);
  }
  assertEquals(await readTree(root), before);
});

shellTest("a folder that is no image is refused", async (shell, folder) => {
  await makeTree(`${folder}/tree`, { "/var/lib/cloud/x": "x" });
  for (const root of [`${folder}/tree`, `${folder}/tree/var/lib/cloud/x`]) {
    const { code } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(code, 64);
  }
  assertEquals(
    (await readTree(`${folder}/tree`)).has("/var/lib/cloud/x"),
    true,
  );
});

shellTest(
  "what fails is named, and the rest is done all the same",
  async (shell, folder) => {
    if (await find("chattr") === undefined) return;
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    const kept = `${root}/var/lib/dhclient/dhclient--eth0.lease`;
    const { code: chattr } = await run(["/usr/bin/chattr", "+i", kept]);
    if (chattr !== 0) {
      console.error("Skipped: this file system has no immutable files");
      return;
    }
    try {
      const { code, stderr } = await runOnTree(shell, "generalize.sh", root, [
        "--yes",
      ]);
      assertEquals(code, 73);
      assertStringIncludes(stderr, `Error: Cannot remove ${kept}\n`);
      const after = await readTree(root);
      for (const path of LEFTOVERS) {
        assertEquals(after.has(path), `${root}${path}` === kept, path);
      }
    } finally {
      await run(["/usr/bin/chattr", "-i", kept]);
    }
  },
);

shellTest(
  "a machine ID that says uninitialized is none",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      "/etc/passwd": "",
      "/etc/machine-id": "uninitialized\n",
    });
    const { code, stdout } = await runOnTree(shell, "generalize.sh", root);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Nothing to do");
  },
);
