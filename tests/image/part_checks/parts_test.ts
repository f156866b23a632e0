import { assertEquals, assertMatch } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { PROGRAM } from "../_tree.ts";
import { PARTS, saidOfParts } from "./_said_of_parts.ts";

/** The head of a program for x86_64: nothing of it is started. */
const BINARY = `\x7fELF\x02\x01\x01${"\0".repeat(11)}>${"\0".repeat(45)}`;

shellTest(
  "check says of each part what it would work with",
  async (shell, folder) => {
    const all = await saidOfParts(shell, `${folder}/shadow`, {
      "/usr/sbin/useradd": PROGRAM,
      "/usr/sbin/chpasswd": PROGRAM,
      "/usr/bin/sudo": PROGRAM,
      "/etc/sudoers": "@includedir /etc/sudoers.d\n",
      "/usr/sbin/sshd": PROGRAM,
      "/etc/systemd/system/multi-user.target.wants/ssh.service": "-> x",
      "/etc/ssh/sshd_config":
        "#AuthorizedKeysFile none\nAuthorizedKeysFile\t.ssh/authorized_keys .ssh/authorized_keys2\nPubkeyAuthentication yes\n",
      "/usr/lib/systemd/systemd-networkd": PROGRAM,
      "/usr/bin/systemctl": PROGRAM,
      "/usr/sbin/dhcpcd": PROGRAM,
      "/usr/sbin/hv_kvp_daemon": PROGRAM,
    });
    assertEquals(Object.keys(all).sort(), PARTS.toSorted());
    assertEquals(all["user"], "ok: useradd creates the admin user of a VM");
    assertMatch(all["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(all["sudo"]!, /^ok: .* root with sudo$/);
    assertMatch(
      all["ssh_keys"]!,
      /^ok: sshd reads ~\/\.ssh\/authorized_keys, and is started by \S+\/ssh\.service$/,
    );
    assertMatch(all["dns"]!, /^ok: .* from: systemd-networkd dhcpcd$/);
    assertMatch(all["telemetry"]!, /^ok: hv_kvp_daemon tells the host/);
    const busybox = await saidOfParts(shell, `${folder}/busybox`, {
      "/bin/busybox": BINARY,
      "/usr/sbin/adduser": "-> /bin/busybox",
      "/usr/sbin/chpasswd": "-> /bin/busybox",
      "/usr/bin/doas": PROGRAM,
      "/usr/bin/udhcpc": "-> /bin/busybox",
      "/usr/sbin/dropbear": PROGRAM,
      "/sbin/init": "-> /bin/busybox",
      "/etc/inittab": "::respawn:/usr/sbin/dropbear -F -R\n",
    });
    assertMatch(busybox["user"]!, /^ok: busybox's adduser/);
    assertMatch(busybox["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(busybox["sudo"]!, /^ok: .* root with doas$/);
    assertMatch(busybox["ssh_keys"]!, /^ok: dropbear reads/);
    assertMatch(busybox["dns"]!, /^ok: .* from: udhcpc$/);
  },
);

shellTest(
  "check warns of parts that cannot work, and calls none of it a failure",
  async (shell, folder) => {
    const all = await saidOfParts(shell, `${folder}/tree`, {
      // Debian's, which needs useradd.
      "/usr/sbin/adduser": "#!/usr/bin/perl\n",
      "/usr/sbin/connmand": PROGRAM,
      "/usr/sbin/sshd": PROGRAM,
      "/etc/systemd/system/sockets.target.wants/ssh.socket": "-> x",
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
    const keyless = await saidOfParts(shell, `${folder}/keyless`, {
      "/usr/sbin/sshd": PROGRAM,
      "/etc/rc.local": "#!/bin/sh\n/usr/sbin/sshd\n",
      "/usr/etc/ssh/sshd_config": "PubkeyAuthentication no\n",
    });
    assertMatch(keyless["ssh_keys"]!, /^warning: sshd may accept no keys/);
    const none = await saidOfParts(shell, `${folder}/none`, {});
    assertMatch(none["ssh_keys"]!, /^warning: no SSH server is installed/);
  },
);

shellTest(
  "check says which parts the image's configuration leaves out",
  async (shell, folder) => {
    const all = await saidOfParts(shell, `${folder}/tree`, {
      "/etc/azure-provisioning.conf":
        "# without = telemetry\nwithout = user, password,sudo, ssh-keys,dns\n",
    });
    for (const part of ["user", "password", "sudo", "ssh_keys", "dns"]) {
      assertMatch(all[part]!, /^ok: the part [a-z-]+ is excluded by/);
    }
    assertMatch(all["telemetry"]!, /^ok: there is no hv_kvp_daemon/);
  },
);
