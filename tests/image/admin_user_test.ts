import { assertEquals, assertStringIncludes } from "@std/assert";
import { run, runOnTree, shellTest } from "./_shells.ts";
import { difference, makeTree, outermost, readTree } from "./_tree.ts";

/** A user with everything that a user leaves. */
const USER_FILES = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\nann:x:1000:1000:Ann:/home/ann:/bin/sh\n",
  "/etc/shadow": "root:*:1::::::\nbob:$6$x:1::::::\nann:$6$secret:1::::::\n",
  "/etc/shadow-": "root:*:1::::::\nann:$6$secret:1::::::\n",
  "/etc/group":
    "root:x:0:\nsudo:x:27:ann,bob\nadm:x:4:annie,ann\nann:x:1000:\nbob:x:1001:\n",
  "/etc/gshadow": "root:*::\nsudo:*:ann:bob,ann\nann:!::\n",
  "/etc/subuid": "bob:100000:65536\nann:165536:65536\n",
  "/etc/sudoers.d/90-cloud-init-users": "# By cloud-init\nann ALL=(ALL) ALL\n",
  "/etc/sudoers.d/90-azure-provisioning":
    '# Added by azure-provisioning\n"ann" ALL=(ALL:ALL) NOPASSWD: ALL\n',
  "/etc/doas.conf":
    'permit :wheel\npermit nopass "ann" # Added by azure-provisioning\npermit "ann" # Added by azure-provisioning\npermit ann\n',
  "/etc/sudoers.d/team": "ann ALL=ALL\nbob ALL=ALL\n",
  "/home/ann/.bash_history": "secret\n",
  "/home/ann/a b/c": "text",
  "/home/bob/.bash_history": "ls\n",
  "/var/mail/ann": "mail",
  "/var/spool/mail": "-> ../mail",
  "/var/spool/cron/crontabs/ann": "* * * * *",
  "/var/spool/cron/crontabs/bob": "* * * * *",
} as const;

/** Gives the user what is theirs. */
async function owned(root: string): Promise<void> {
  // As root only; else everything is the tester's, whose number a tree's users do not have.
  for (const path of ["/home/ann", "/home/ann/.bash_history"]) {
    await Deno.chown(`${root}${path}`, 1000, 1000);
  }
}

const IS_ROOT = Deno.uid() === 0;
if (!IS_ROOT) console.error("Tests with users are skipped: not root");

if (IS_ROOT) {
  shellTest(
    "--user removes the user everywhere, and nobody else",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, USER_FILES);
      await owned(root);
      await Deno.chmod(`${root}/etc/shadow`, 0o640);
      const before = await readTree(root);
      const { code, stdout, stderr } = await runOnTree(
        shell,
        "generalize.sh",
        root,
        [
          "--yes",
          "--user=ann",
        ],
      );
      assertEquals([code, stderr], [0, ""], stdout);
      const after = await readTree(root);
      const { removed, added, changed } = difference(before, after);
      assertEquals(outermost(removed), [
        "/etc/sudoers.d/90-azure-provisioning",
        "/etc/sudoers.d/90-cloud-init-users",
        "/home/ann",
        "/var/mail/ann",
        "/var/spool/cron/crontabs/ann",
      ]);
      assertEquals(added, []);
      assertEquals(changed, [
        "/etc/doas.conf",
        "/etc/group",
        "/etc/gshadow",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/subuid",
      ]);
      const text = (path: string) => after.get(path)!.replace(/^\d+ \S+ /, "");
      assertEquals(
        text("/etc/group"),
        "root:x:0:\nsudo:x:27:bob\nadm:x:4:annie\nbob:x:1001:\n",
      );
      assertEquals(text("/etc/doas.conf"), "permit :wheel\npermit ann\n");
      assertEquals(text("/etc/gshadow"), "root:*::\nsudo:*::bob\n");
      assertEquals(text("/etc/subuid"), "bob:100000:65536\n");
      assertEquals(
        after.get("/etc/shadow"),
        "640 0:0 root:*:1::::::\nbob:$6$x:1::::::\n",
      );
      assertStringIncludes(
        stdout,
        "sudoers.d/team: has sudo rules of ann, and others",
      );

      const again = await runOnTree(shell, "generalize.sh", root, [
        "--user=ann",
      ]);
      assertEquals(again.code, 0, again.stdout);
      assertStringIncludes(again.stdout, "Nothing to do");
    },
  );

  shellTest(
    "--user refuses to leave a VM that nobody can log in to",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      const alone = {
        ...USER_FILES,
        "/etc/shadow": "root:*:1::::::\nbob:!:1::::::\nann:$6$secret:1::::::\n",
      };
      await makeTree(root, alone);
      await owned(root);
      const before = await readTree(root);
      const args = ["--yes", "--user", "ann"];
      const refused = await runOnTree(shell, "generalize.sh", root, args);
      assertEquals(refused.code, 78);
      assertStringIncludes(refused.stderr, "nobody can log in");
      assertEquals(await readTree(root), before);
      args.push("--allow-no-login");
      const { code } = await runOnTree(shell, "generalize.sh", root, args);
      assertEquals(code, 0);
    },
  );

  shellTest(
    "--user leaves a home that may be somebody else's",
    async (shell, folder) => {
      for (
        const [number, home] of [
          "/",
          "/home",
          "/srv",
          "/var/lib/../x",
          "/home/bob",
        ].entries()
      ) {
        const root = `${folder}/${number}`;
        await makeTree(root, {
          ...USER_FILES,
          "/etc/passwd":
            `bob:x:1001:1001::/home/bob:/bin/sh\nann:x:1000:1000::${home}:/bin/sh\n`,
          "/srv/x": "x",
          "/home/bob/sub": undefined,
          "/var/x/y": "y",
        });
        for (const path of ["/srv", "/home", "/home/bob", "/home/bob/sub"]) {
          await Deno.chown(`${root}${path}`, 1000, 1000);
        }
        const before = await readTree(root);
        const { stdout } = await runOnTree(shell, "generalize.sh", root, [
          "--yes",
          "--user=ann",
        ]);
        const { removed } = difference(before, await readTree(root));
        assertEquals(
          removed.filter((it) =>
            !/^\/(etc|var)\/(mail|spool|sudoers)/.test(it)
          ),
          [],
          stdout,
        );
      }
    },
  );

  shellTest(
    "--user keeps the user's group where others are in it",
    async (shell, folder) => {
      for (
        const [name, passwd, members] of [
          ["primary", "bob:x:1001:1000::/home/bob:/bin/sh\n", ""],
          ["member", "bob:x:1001:1001::/home/bob:/bin/sh\n", "ann,bob"],
        ] as const
      ) {
        const root = `${folder}/${name}`;
        await makeTree(root, {
          "/etc/passwd": `${passwd}ann:x:1000:1000::/home/ann:/bin/sh\n`,
          "/etc/shadow": "bob:$6$x:1::::::\n",
          "/etc/group": `ann:x:1000:${members}\n`,
        });
        await runOnTree(shell, "generalize.sh", root, ["--yes", "--user=ann"]);
        assertEquals(
          await Deno.readTextFile(`${root}/etc/group`),
          `ann:x:1000:${members === "" ? "" : "bob"}\n`,
        );
      }
    },
  );

  shellTest(
    "the last user of a passwd that does not end in a newline counts as well",
    async (shell, folder) => {
      const removedOf = async (
        name: string,
        passwd: string,
        args: string[],
      ) => {
        const root = `${folder}/${name}`;
        await makeTree(root, { ...USER_FILES, "/etc/passwd": passwd });
        await owned(root);
        const before = await readTree(root);
        await runOnTree(shell, "generalize.sh", root, [
          "--yes",
          "--allow-no-login",
          ...args,
        ]);
        return difference(before, await readTree(root)).removed
          .filter((it) => it.startsWith("/home/"));
      };
      const line = (name: string, home: string) =>
        `${name}:x:1000:1000::${home}:/bin/sh`;
      const ann = line("ann", "/home/ann");
      const others = "root:x:0:0:root:/root:/bin/sh\n";
      // Her home goes with her entry.
      assertEquals(
        outermost(await removedOf("user", `${others}${ann}`, ["--user=ann"])),
        ["/home/ann"],
      );
      // Somebody else's home stays.
      assertEquals(
        await removedOf(
          "shared",
          `${others}${ann}\n${line("eve", "/home/ann/a b")}`,
          ["--user=ann"],
        ),
        [],
      );
      assertEquals(await removedOf("logs", `${others}${ann}`, ["--logs"]), [
        "/home/ann/.bash_history",
      ]);
    },
  );

  shellTest(
    "--user leaves a home that is another user's by another name",
    async (shell, folder) => {
      for (
        const [number, other] of [
          "/export/ann",
          "/home/./ann/a b",
          "//home/ann",
        ]
          .entries()
      ) {
        const root = `${folder}/${number}`;
        await makeTree(root, {
          ...USER_FILES,
          "/export": "-> home",
          "/etc/passwd": `${
            USER_FILES["/etc/passwd"]
          }eve:x:1002:1002::${other}:/bin/sh\n`,
        });
        await owned(root);
        const { stdout } = await runOnTree(shell, "generalize.sh", root, [
          "--yes",
          "--user=ann",
        ]);
        assertStringIncludes(
          stdout,
          "/home/ann: home of ann, and of another user",
        );
        assertEquals(
          await Deno.readTextFile(`${root}/home/ann/a b/c`),
          "text",
        );
      }
    },
  );

  shellTest(
    "--user leaves what is mounted in the home alone",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, { ...USER_FILES, "/home/ann/m \\nt": undefined });
      await owned(root);
      await makeTree(`${folder}/disk`, { "/precious": "x" });
      const { stdout, stderr } = await run([
        "/usr/bin/unshare",
        "--mount",
        "/bin/sh",
        "-c",
        `mount --bind "$1" "$2" || exit 99; shift 2; env -i PATH="$1" "$@" ; echo "status $?"`
          .replace(
            'env -i PATH="$1" "$@"',
            'p=$1; shift; env -i PATH="$p" "$@"',
          ),
        "sh",
        `${folder}/disk`,
        `${root}/home/ann/m \\nt`,
        shell.path,
        ...shell.command,
        new URL("../../image/generalize.sh", import.meta.url).pathname,
        `--root=${root}`,
        "--yes",
        "--user=ann",
      ]);
      assertStringIncludes(stdout, "status 73\n");
      assertStringIncludes(stderr, "is a mount point, or holds one");
      assertEquals(await Deno.readTextFile(`${folder}/disk/precious`), "x");
    },
  );
}
