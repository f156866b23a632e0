import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { find, run, runOnTree, shellTest } from "./_shells.ts";
import {
  difference,
  LEFTOVERS,
  makeTree,
  readTree,
  USED_IMAGE,
} from "./_tree.ts";

const UNIT = "/etc/systemd/system/azure-provisioning-host-keys.service";
const WANTS = "/etc/systemd/system/multi-user.target.wants";

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
  "/etc/sudoers.d/team": "ann ALL=ALL\nbob ALL=ALL\n",
  "/home/ann/.bash_history": "secret\n",
  "/home/ann/a b/c": "text",
  "/home/bob/.bash_history": "ls\n",
  "/var/mail/ann": "mail",
  "/var/spool/mail": "-> ../mail",
  "/var/spool/cron/crontabs/ann": "* * * * *",
  "/var/spool/cron/crontabs/bob": "* * * * *",
} as const;

/** The paths that a list names, in the tree, unquoted. */
function listed(stdout: string, root: string, word: string): string[] {
  return stdout.split("\n")
    .filter((line) => line.startsWith(`  ${word} `))
    .map((line) => line.slice(10 + root.length).split(": ")[0]!)
    .sort();
}

/** Without what is in a folder that is there, too. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) =>
    !paths.some((other) => path.startsWith(`${other}/`))
  );
}

/** What {@linkcode outermost} leaves of the files of a tree, less the folder's own path. */
async function owned(root: string): Promise<void> {
  // As root only; else everything is the tester's, whose number a tree's users do not have.
  for (const path of ["/home/ann", "/home/ann/.bash_history"]) {
    await Deno.chown(`${root}${path}`, 1000, 1000);
  }
}

const IS_ROOT = Deno.uid() === 0;
if (!IS_ROOT) console.error("Tests with users are skipped: not root");

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

shellTest("links out of the tree are not followed", async (shell, folder) => {
  const outside = `${folder}/outside`;
  const files = {
    "/hosts": "127.0.1.1 x # Added by azure-provisioning\n",
    "/machine-id": "0123\n",
    "/cloud/x": "x",
    "/dhcp/dhclient.leases": "x",
    "/log/messages": "x",
    "/ssh/ssh_host_rsa_key": "x",
    "/azure/file": "x",
  };
  await makeTree(outside, files);
  const root = `${folder}/tree`;
  await makeTree(root, {
    "/etc/hosts": `-> ${outside}/hosts`,
    "/etc/hostname": "-> ../../outside/hosts",
    "/etc/machine-id": `-> ../../outside/machine-id`,
    "/etc/ssh": `-> ${outside}/ssh`,
    "/var/lib/cloud": `-> ${outside}/cloud`,
    "/var/lib/dhcp": `-> ${outside}/dhcp`,
    "/var/lib/waagent": "-> ../../../outside/cloud",
    "/var/lib/azure-provisioning": `-> ${outside}/azure`,
    "/var/log": "-> ../../outside/log",
    "/var/lib/dbus": "-> ../../../outside",
    "/var/lib/systemd": "-> loop",
    "/var/lib/loop": "-> systemd",
    "/root": `-> ${outside}`,
  });
  const { code, stdout } = await runOnTree(shell, "generalize.sh", root, [
    "--yes",
    "--logs",
  ]);
  assertEquals(code, 0, stdout);
  for (const [path, text] of Object.entries(files)) {
    assertEquals(await Deno.readTextFile(`${outside}${path}`), text, path);
  }
  // The links themselves go.
  assertEquals(listed(stdout, root, "remove"), [
    "/var/lib/azure-provisioning",
    "/var/lib/cloud",
    "/var/lib/waagent",
  ]);
  assertStringIncludes(stdout, "/etc/hosts: is a symbolic link");
});

shellTest(
  "absolute links lead where they would on the booted image",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      "/etc/passwd": "",
      "/data/lib/cloud/x": "x",
      "/var/lib": "-> /data/../../data/lib/",
    });
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(
      [...(await readTree(root)).keys()].includes("/data/lib"),
      true,
    );
    assertEquals(
      [...(await readTree(root)).keys()].includes("/data/lib/cloud"),
      false,
    );
  },
);

shellTest(
  "paths may hold blanks, quotes, newlines and patterns",
  async (shell, folder) => {
    const root = `${folder}/a 'tree'\n* [x] $(touch x) \\n\n`;
    const odd = [
      "dhclient '\"$x\n.leases",
      "dhclient\n",
      "dhclient *\\",
      "dhclient-\u001b[31m",
    ];
    await makeTree(root, {
      "/etc/passwd": "",
      "/var/lib/dhcp/other": "stays",
      ...Object.fromEntries(odd.map((name) => [`/var/lib/dhcp/${name}`, "x"])),
      "/var/log/a b\n/c\n": "text",
    });
    await Deno.mkdir(root.trimEnd(), { recursive: true });
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      [
        "--yes",
        "--logs",
      ],
    );
    assertEquals([code, stderr], [0, ""], stdout);
    assertEquals([...(await readTree(`${root}/var/lib/dhcp`)).keys()], [
      "",
      "/other",
    ]);
    assertMatch(
      (await readTree(root)).get("/var/log/a b\n/c\n")!,
      /^644 \S+ $/,
    );
    assertEquals(stdout.includes("\u001b"), false);
    assertEquals(listed(stdout, "", "remove").length, odd.length);
  },
);

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
  "host keys stay where nothing would make new ones",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const { "/usr/lib/systemd/systemd": _, ...image } = USED_IMAGE;
    await makeTree(root, {
      ...image,
      "/etc/runit/2": "#!/bin/sh\n",
      "/usr/sbin/runit-init": "x",
    });
    await Deno.remove(`${root}/usr/sbin/init`);
    await Deno.symlink("runit-init", `${root}/usr/sbin/init`);
    const { stdout } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertStringIncludes(stdout, "with runit nothing would make new ones");
    assert((await readTree(root)).has("/etc/ssh/ssh_host_rsa_key"));
  },
);

shellTest(
  "where the distribution makes host keys, nothing is added",
  async (shell, folder) => {
    const systemd = "/usr/lib/systemd/system";
    for (
      const [name, files] of Object.entries({
        fedora: {
          [`${systemd}/ssh.service`]: "Wants=sshd-keygen.target\n",
          [`${systemd}/sshd-keygen@.service`]:
            "ConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n",
        },
        arch: {
          [`${systemd}/ssh.service`]: "Wants=sshdgenkeys.service\n",
          [`${systemd}/sshdgenkeys.service`]:
            "ExecStart=/usr/bin/ssh-keygen -A\n",
        },
        suse: {
          [`${systemd}/ssh.service`]:
            "ExecStartPre=/usr/sbin/sshd-gen-keys-start\n",
        },
        alpine: {
          "/usr/sbin/init": "-> busybox",
          "/sbin/openrc-run": "#!/bin/sh\n",
          "/etc/init.d/sshd": "#!/sbin/openrc-run\n\tssh-keygen -A\n",
        },
      })
    ) {
      const root = `${folder}/${name}`;
      const image: Record<string, string | undefined> = { ...USED_IMAGE };
      if (name === "alpine") delete image["/usr/lib/systemd/systemd"];
      await makeTree(root, { ...image, ...files });
      const { stdout } = await runOnTree(shell, "generalize.sh", root, [
        "--yes",
      ]);
      const after = await readTree(root);
      assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false, stdout);
      assertEquals(
        [...after.keys()].filter((it) => it.includes("host-keys")),
        [],
        name,
      );
    }
  },
);

shellTest(
  "with SysV init a service makes host keys, and startpar knows of it",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      "/sbin/init": "#!/bin/sh\n",
      "/sbin/telinit": "#!/bin/sh\n",
      "/usr/sbin/sshd": "#!/bin/sh\n",
      "/usr/bin/ssh-keygen": "#!/bin/sh\n",
      "/etc/inittab": "",
      "/etc/rc2.d": undefined,
      "/etc/init.d/.depend.start":
        "TARGETS = rsyslog ssh\nINTERACTIVE =\nssh: rsyslog\n",
      "/etc/ssh/ssh_host_rsa_key": "rsa",
    });
    const { code } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(code, 0);
    const name = "azure-provisioning-host-keys";
    assertEquals(
      await Deno.readTextFile(`${root}/etc/init.d/.depend.start`),
      `TARGETS = rsyslog ssh ${name}\nINTERACTIVE =\nssh: rsyslog ${name}\n`,
    );
    const after = await readTree(root);
    assertEquals(after.get(`/etc/rc2.d/S01${name}`), `-> ../init.d/${name}`);
    assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false);
    const again = await runOnTree(shell, "generalize.sh", root);
    assertStringIncludes(again.stdout, "Nothing to do");
  },
);

shellTest(
  "a unit that waits for a first boot, or is turned off, does not count",
  async (shell, folder) => {
    const systemd = "/usr/lib/systemd/system";
    for (
      const [name, files] of Object.entries({
        debian13: {
          [`${systemd}/sshd-keygen.service`]:
            "ConditionFirstBoot=yes\nExecStart=ssh-keygen -A\n",
        },
        fedora: {
          [`${systemd}/ssh.service`]: "Wants=sshd-keygen.target\n",
          [`${systemd}/sshd-keygen@.service`]:
            "ConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n",
          "/etc/sysconfig/sshd": "AUTOCREATE_SERVER_KEYS=NO\n",
        },
      })
    ) {
      const root = `${folder}/${name}`;
      await makeTree(root, { ...USED_IMAGE, ...files });
      await runOnTree(shell, "generalize.sh", root, ["--yes"]);
      const after = await readTree(root);
      assertEquals(after.has(UNIT), true, name);
      assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false, name);
    }
  },
);

shellTest(
  "host keys stay on request, and those that are configured by hand",
  async (shell, folder) => {
    const files = {
      ...USED_IMAGE,
      "/etc/ssh/sshd_config": "HostKey /etc/ssh/ssh_host_mine_key\n",
      "/etc/ssh/ssh_host_mine_key": "mine",
    };
    await makeTree(`${folder}/1`, files);
    await runOnTree(shell, "generalize.sh", `${folder}/1`, ["--yes"]);
    const first = await readTree(`${folder}/1`);
    assertEquals(first.has("/etc/ssh/ssh_host_mine_key"), true);
    assertEquals(first.has("/etc/ssh/ssh_host_rsa_key"), false);
    await makeTree(`${folder}/2`, files);
    await runOnTree(shell, "generalize.sh", `${folder}/2`, [
      "--yes",
      "--keep-ssh-host-keys",
    ]);
    assertEquals(
      (await readTree(`${folder}/2`)).has("/etc/ssh/ssh_host_rsa_key"),
      true,
    );
  },
);

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
        "/etc/sudoers.d/90-cloud-init-users",
        "/home/ann",
        "/var/mail/ann",
        "/var/spool/cron/crontabs/ann",
      ]);
      assertEquals(added, []);
      assertEquals(changed, [
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
        new URL("../../tools/image/generalize.sh", import.meta.url).pathname,
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
