import { assertEquals, assertStringIncludes } from "@std/assert";
import { runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree, readTree, USED_IMAGE } from "./_tree.ts";

/** The shell, killed where it takes longer than 40 seconds. */
function limited(shell: Shell): Shell {
  const limit = ["/usr/bin/timeout", "-s", "KILL", "40"];
  return { ...shell, command: [...limit, ...shell.command] };
}

const BOB = "bob:x:1001:1001::/home/bob:/bin/sh\n";

shellTest(
  "a host key's name is no pattern",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/ssh/sshd_config": "HostKey /etc/ssh/ssh_host_[x.*\n",
      // As a pattern it takes grep gigabytes of memory.
      "/etc/ssh/ssh_host_x\\{999\\}\\{999\\}\\{99\\}": "key",
      "/etc/ssh/ssh_host_[x.*": "key",
      "/etc/ssh/ssh_host_[x.*.pub": "key",
      "/etc/ssh/ssh_host_\n": "key",
    });
    const { stdout, stderr } = await runOnTree(
      limited(shell),
      "generalize.sh",
      root,
      ["--yes"],
    );
    assertEquals(stderr, "");
    assertStringIncludes(stdout, "/etc/ssh/ssh_host_[x.*': named in");
    assertEquals(
      [...(await readTree(root)).keys()].filter((it) => /ssh_host/.test(it)),
      ["/etc/ssh/ssh_host_[x.*", "/etc/ssh/ssh_host_[x.*.pub"],
    );
  },
);

shellTest(
  "host keys are looked for in the tree's sshd_config.d, also behind a link",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const { "/etc/ssh/sshd_config.d/00-azure-provisioning.conf": _, ...image } =
      USED_IMAGE;
    const {
      "/etc/ssh/sshd_config.d/.00-azure-provisioning.conf.azure-provisioning":
        _cutOff,
      ...files
    } = image;
    await makeTree(root, {
      ...files,
      "/etc/ssh/sshd_config.d": "-> /etc/ssh.d",
      "/etc/ssh.d/keys.conf": "HostKey /etc/ssh/ssh_host_own_key\n",
      "/etc/ssh/ssh_host_own_key": "key",
    });
    const { stdout } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertStringIncludes(stdout, "/etc/ssh/ssh_host_own_key: named in");
    assertEquals((await readTree(root)).has("/etc/ssh/ssh_host_own_key"), true);
  },
);

shellTest(
  "a hundred thousand users end soon",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/passwd": `${BOB}${"a::::::\n".repeat(100_000)}`,
      "/etc/shadow": "a:*:\nbob:x:\n",
    });
    const args = ["--dry-run", "--user", "bob"];
    const without = await runOnTree(
      limited(shell),
      "generalize.sh",
      root,
      args,
    );
    assertEquals(without.code, 78);
    assertStringIncludes(without.stderr, "Without bob nobody can log in");
    await Deno.writeTextFile(`${root}/etc/shadow`, "a:x:\nbob:x:\n");
    assertEquals(
      (await runOnTree(limited(shell), "generalize.sh", root, args)).code,
      0,
    );
  },
);

shellTest(
  "a group of a million members ends soon, and loses the one user",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const members = "a,".repeat(700_000);
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/passwd": BOB,
      "/etc/group": `g:x:5:bob,${members}bob,bob,z\n`,
    });
    const { code, stderr } = await runOnTree(
      limited(shell),
      "generalize.sh",
      root,
      ["--yes", "--user", "bob", "--allow-no-login"],
    );
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      await Deno.readTextFile(`${root}/etc/group`) === `g:x:5:${members}z\n`,
      true,
    );
  },
);

shellTest(
  "a number of a user that no shell knows is refused",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/passwd": "bob:x:99999999999999999999:1::/home/bob:/bin/sh\n",
    });
    const { code, stderr } = await runOnTree(shell, "generalize.sh", root, [
      "--dry-run",
      "--user",
      "bob",
    ]);
    assertEquals(code, 78);
    assertEquals(
      stderr,
      "Error: /etc/passwd has no valid number for bob: correct it first\n",
    );
  },
);

shellTest(
  "what --check reads ends soon, however it is repeated",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const links = Array.from({ length: 38 }, (_, i) => i + 1);
    await makeTree(root, {
      ...USED_IMAGE,
      "/bin/sh": "",
      "/usr/sbin/sshd": "",
      "/etc/pam.d/sshd": "@include sshd\n".repeat(100_000),
      "/etc/ssh/sshd_config": `UsePAM yes\nAllowUsers ${'"'.repeat(4_000)}\n`,
      "/etc/azure-provisioning.conf": `admin-shell = /${"a".repeat(300_000)}\n`,
      "/usr/sbin/dhcpcd": "",
      "/etc/systemd/system/multi-user.target.wants/dhcpcd.service":
        "-> /lib/systemd/system/dhcpcd.service",
      "/lib/systemd/system/dhcpcd.service": `ReadWritePaths=${
        "/etc/l1 ".repeat(10_000)
      }\n`,
      ...Object.fromEntries(
        links.map((i) => [`/etc/l${i}`, `-> /etc/l${i + 1}`]),
      ),
      "/etc/l39": "",
    });
    const { code, stdout, stderr } = await runOnTree(
      limited(shell),
      "check.sh",
      root,
      ["--json"],
    );
    assertEquals([code === 0, stderr], [false, ""]);
    assertStringIncludes(stdout, '"login"');
  },
);

/** Gives a file of a tree many names. */
async function linkOften(file: string): Promise<void> {
  const at = file.lastIndexOf(".");
  for (let i = 0; i < 498; i++) {
    await Deno.link(file, `${file.slice(0, at)}${i}${file.slice(at)}`);
  }
}

const SLOW: Readonly<Record<string, Files>> = {
  "a file of interfaces that includes itself again and again": {
    "/usr/sbin/ifup": "#!/bin/sh\n",
    "/usr/lib/systemd/system/networking.service": "\n",
    "/etc/systemd/system/multi-user.target.wants/networking.service":
      "-> /lib/systemd/system/networking.service",
    "/etc/network/interfaces": `source x/${"*a".repeat(30)}b\n${
      "source interfaces\n".repeat(200)
    }`,
    [`/etc/network/x/${"a".repeat(250)}`]: "",
  },
  "many names of one large unit": {
    "/usr/lib/systemd/system/a.service": "Wants=b.service c.service\n".repeat(
      9_000,
    ),
  },
  "many names of one large file of udev's rules": {
    "/etc/udev/rules.d/a.rules": 'ATTRS{address}=="00:11:22:33:44", enx001\n'
      .repeat(6_000),
  },
  "many names of one large configuration of sshd": {
    "/etc/ssh/sshd_config.d/a.conf": "AuthorizedKeysFile UsePAM Allow\n"
      .repeat(120_000),
  },
  "one long list of NetworkManager's cards, and lines with many blanks": {
    "/usr/sbin/NetworkManager": "#!/bin/sh\n",
    "/usr/lib/systemd/system/NetworkManager.service": "\n",
    "/etc/systemd/system/multi-user.target.wants/NetworkManager.service":
      "-> /lib/systemd/system/NetworkManager.service",
    "/etc/NetworkManager/NetworkManager.conf": `[keyfile]\nunmanaged-devices=${
      "a, ".repeat(70_000)
    }\n`,
    "/etc/NetworkManager/conf.d/a.conf": `[keyfile]\n${
      `unmanaged-devices=a${" ".repeat(4_000)}b\n`.repeat(60)
    }`,
  },
  "many names of cards": {
    "/usr/lib/systemd/systemd-networkd": "",
    "/usr/lib/systemd/system/systemd-networkd.service": "\n",
    "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
      "-> /lib/systemd/system/systemd-networkd.service",
    "/etc/systemd/network/a.link": "Name=eth5\n".repeat(20_000),
    "/etc/systemd/network/a.network": "[Match]\nName=a\n".repeat(15_000),
  },
  "presets with stars, for units with long names": {
    "/etc/systemd/system-preset/a.preset": `enable ${"*a".repeat(16)}\n`
      .repeat(2_000),
    [`/etc/systemd/system/${"a".repeat(240)}.service`]:
      "[Install]\nWantedBy=x.target\n".repeat(2_000),
  },
};

for (const [name, files] of Object.entries(SLOW)) {
  shellTest(`--check ends soon with ${name}`, async (shell, folder) => {
    const root = `${folder}/tree`;
    const { "/etc/machine-id": _, ...image } = USED_IMAGE;
    await makeTree(root, { ...image, ...files });
    for (const [path] of Object.entries(files)) {
      if (name.startsWith("many names of one")) {
        await linkOften(`${root}${path}`);
      }
    }
    const { code, stdout, stderr } = await runOnTree(
      limited(shell),
      "check.sh",
      root,
    );
    assertEquals(code, 1, stderr);
    assertStringIncludes(stdout, "This image is not ready for Azure");
    assertEquals(
      stderr.replace(/^Warning: .* is not looked at: .*\n/gm, ""),
      "",
    );
  });
}

shellTest(
  "a home whose path is long ends soon",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/passwd": `u:x:1001:1001::/${"a".repeat(300_000)}:/bin/sh\n`,
    });
    const { code, stderr } = await runOnTree(
      limited(shell),
      "generalize.sh",
      root,
      ["--dry-run", "--user", "u", "--allow-no-login"],
    );
    assertEquals([code, stderr], [0, ""]);
  },
);

shellTest(
  "many names of large files of rules and of sshd's settings end soon, and those that are not read stay",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      "/etc/passwd": BOB,
      "/etc/sudoers.d/a.b": "bob ALL = (ALL) ALL\n".repeat(200_000),
      "/etc/ssh/sshd_config.d/a.conf": "HostKey none\n".repeat(300_000),
      ...Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [`/etc/ssh/ssh_host_${i}`, ""]),
      ),
    });
    await linkOften(`${root}/etc/sudoers.d/a.b`);
    await linkOften(`${root}/etc/ssh/sshd_config.d/a.conf`);
    const { code, stdout } = await runOnTree(
      limited(shell),
      "generalize.sh",
      root,
      ["--dry-run", "--user", "bob", "--allow-no-login"],
    );
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      "a9.b: no image has so much of its kind: make sure that it has no rules of bob",
    );
  },
);
