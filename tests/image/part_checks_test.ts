import { assertEquals, assertMatch } from "@std/assert";
import { runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

const PARTS = [
  "user",
  "password",
  "sudo",
  "ssh_keys",
  "dns",
  "media",
  "telemetry",
];
const PROGRAM = "#!/bin/sh\n";
/** The head of a program for x86_64: nothing of it is started. */
const BINARY = `\x7fELF\x02\x01\x01${"\0".repeat(11)}>${"\0".repeat(45)}`;

/** What is said of each part, and how. */
async function said(
  shell: Shell,
  root: string,
  files: Files,
): Promise<Record<string, string>> {
  await makeTree(root, { "/etc": undefined, ...files });
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root);
  assertEquals(stderr, "");
  return Object.fromEntries(
    stdout.split("\n").flatMap((line) => {
      const [, status, check = "", message] =
        /^(\w+) (\w+): (.*)$/.exec(line) ??
          [];
      return PARTS.includes(check) ? [[check, `${status}: ${message}`]] : [];
    }),
  );
}

shellTest(
  "check says of each part what it would work with",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/shadow`, {
      "/usr/sbin/useradd": PROGRAM,
      "/usr/sbin/chpasswd": PROGRAM,
      "/usr/bin/sudo": PROGRAM,
      "/usr/sbin/sshd": PROGRAM,
      "/etc/ssh/sshd_config":
        "#AuthorizedKeysFile none\nAuthorizedKeysFile\t.ssh/authorized_keys .ssh/authorized_keys2\nPubkeyAuthentication yes\n",
      "/usr/lib/systemd/systemd-networkd": PROGRAM,
      "/usr/bin/systemctl": PROGRAM,
      "/usr/sbin/dhcpcd": PROGRAM,
      "/usr/sbin/hv_kvp_daemon": PROGRAM,
    });
    assertEquals(Object.keys(all), PARTS);
    assertEquals(all["user"], "ok: useradd creates the admin user of a VM");
    assertMatch(all["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(all["sudo"]!, /^ok: .* root with sudo$/);
    assertEquals(all["ssh_keys"], "ok: sshd reads ~/.ssh/authorized_keys");
    assertMatch(all["dns"]!, /^ok: .* from: systemd-networkd dhcpcd$/);
    assertMatch(all["telemetry"]!, /^ok: hv_kvp_daemon tells the host/);
    const busybox = await said(shell, `${folder}/busybox`, {
      "/bin/busybox": BINARY,
      "/usr/sbin/adduser": "-> /bin/busybox",
      "/usr/sbin/chpasswd": "-> /bin/busybox",
      "/usr/bin/doas": PROGRAM,
      "/usr/bin/udhcpc": "-> /bin/busybox",
      "/usr/sbin/dropbear": PROGRAM,
    });
    assertMatch(busybox["user"]!, /^ok: busybox's adduser/);
    assertMatch(busybox["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(busybox["sudo"]!, /^ok: .* root with doas$/);
    assertMatch(busybox["ssh_keys"]!, /^ok: dropbear reads/);
    assertMatch(busybox["dns"]!, /^ok: .* from: udhcpc$/);
  },
);

shellTest(
  "check says what keeps a VM from its provisioning media",
  async (shell, folder) => {
    const mediaOf = async (name: string, files: Files) =>
      (await said(shell, `${folder}/${name}`, files))["media"]!;
    const mount = { "/usr/bin/mount": PROGRAM };
    const modprobe = "/etc/modprobe.d/cis.conf";
    for (
      const [name, files, words] of [
        ["none", {}, /^warning: mount is not installed: /],
        ["good", mount, /^ok: provisioning media are mounted/],
        [
          "udf",
          { ...mount, [modprobe]: "install udf /bin/true\nblacklist usb\n" },
          /^warning: .*cis\.conf forbids the module udf: /,
        ],
        [
          "iso9660",
          { ...mount, [modprobe]: "#blacklist udf\nblacklist isofs\n" },
          /^ok: /,
        ],
        [
          "drive",
          { ...mount, "/usr/lib/modprobe.d/x.conf": " blacklist sr_mod \n" },
          /^warning: .*x\.conf forbids the module sr_mod: /,
        ],
        [
          "flag",
          { "/etc/azure-provisioning.no-media": "" },
          /^ok: provisioning media are not read, because of /,
        ],
        [
          "left-out",
          {
            "/etc/azure-provisioning.conf":
              "without = user, customdata, password, hostname\n",
          },
          /^ok: the parts that need provisioning media are excluded by /,
        ],
      ] as const
    ) assertMatch(await mediaOf(name, files), words, name);
  },
);

shellTest(
  "check warns of parts that cannot work, and calls none of it a failure",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/tree`, {
      // Debian's, which needs useradd.
      "/usr/sbin/adduser": "#!/usr/bin/perl\n",
      "/usr/sbin/connmand": PROGRAM,
      "/usr/sbin/sshd": PROGRAM,
      "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n",
      "/etc/ssh/sshd_config.d/50-keys.conf":
        "authorizedkeysfile /etc/ssh/keys/%u\n",
      "/usr/lib/systemd/systemd-networkd": PROGRAM,
    });
    assertMatch(all["user"]!, /^warning: neither useradd nor/);
    assertMatch(all["password"]!, /^warning: chpasswd is not installed/);
    assertMatch(all["sudo"]!, /^ok: there is neither sudo nor doas/);
    assertMatch(all["ssh_keys"]!, /^warning: .*50-keys\.conf sets Authorized/);
    assertMatch(all["dns"]!, /^warning: no DHCP client here can be notified/);
    assertMatch(all["telemetry"]!, /^ok: there is no hv_kvp_daemon/);
    const keyless = await said(shell, `${folder}/keyless`, {
      "/usr/sbin/sshd": PROGRAM,
      "/usr/etc/ssh/sshd_config": "PubkeyAuthentication no\n",
    });
    assertMatch(keyless["ssh_keys"]!, /^warning: sshd may accept no keys/);
    const none = await said(shell, `${folder}/none`, {});
    assertMatch(none["ssh_keys"]!, /^ok: there is no SSH server/);
  },
);

shellTest(
  "check says which parts the image's configuration leaves out",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/tree`, {
      "/etc/azure-provisioning.conf":
        "# without = telemetry\nwithout = user, password,sudo, ssh-keys,dns\n",
    });
    for (const part of ["user", "password", "sudo", "ssh_keys", "dns"]) {
      assertMatch(all[part]!, /^ok: the part [a-z-]+ is excluded by/);
    }
    assertMatch(all["telemetry"]!, /^ok: there is no hv_kvp_daemon/);
  },
);
