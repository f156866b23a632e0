import { assertMatch } from "@std/assert";
import { checkLines } from "./_check.ts";
import { shellTest } from "./_shells.ts";
import { type Files, NETWORKD, PROGRAM, SYSTEMD, WANTS } from "./_tree.ts";

const SSHD = { ...SYSTEMD, "/usr/sbin/sshd": PROGRAM };
const resolv = (text: string) => ({ "/etc/resolv.conf": text });
const FOREIGN = resolv("search lan\nnameserver 192.0.2.1\n");
const service = (name: string) => ({ [`${WANTS}/${name}.service`]: "-> x" });

/** What is said of a tree: the check, the tree, and its line. */
const TREES: readonly (readonly [string, string, Files, RegExp])[] = [
  [
    "resolver",
    "foreign",
    FOREIGN,
    /^warning .* names 192\.0\.2\.1, and nothing in the image replaces it.*; remedy: name Azure's server/,
  ],
  ["resolver", "foreign, with networkd", {
    ...SYSTEMD,
    ...FOREIGN,
    ...NETWORKD,
    "/etc/systemd/network/a.network":
      "[Match]\nName=eth0\n[Network]\nDHCP=yes\n",
  }, /^warning /],
  ["resolver", "none", {}, /^ok /],
  ["resolver", "Azure's", resolv("nameserver 168.63.129.16\n"), /^ok /],
  ["resolver", "a comment", resolv("# nameserver 192.0.2.1\n"), /^ok /],
  ["resolver", "a link to resolved's", {
    "/etc/resolv.conf": "-> ../run/systemd/resolve/stub-resolv.conf",
  }, /^ok .* is a link/],
  ["resolver", "a link to a file of the builder's", {
    "/etc/resolv.conf": "-> /etc/resolv.static",
    "/etc/resolv.static": "nameserver 192.0.2.1\n",
  }, /^warning .*resolv\.static names 192/],
  ["resolver", "resolved's stub without resolved", {
    ...SYSTEMD,
    ...resolv("nameserver 127.0.0.53\n"),
  }, /^warning /],
  ["resolver", "resolved's stub", {
    ...SYSTEMD,
    ...resolv("nameserver 127.0.0.53\n"),
    ...service("systemd-resolved"),
  }, /^ok /],
  ["resolver", "a local server", {
    ...SYSTEMD,
    ...resolv("nameserver 127.0.0.1\n"),
    ...service("unbound"),
  }, /^ok /],
  ["resolver", "a local server that is not there", {
    ...SYSTEMD,
    ...resolv("nameserver ::1\n"),
  }, /^warning /],
  ["resolver", "NetworkManager", {
    ...SYSTEMD,
    ...FOREIGN,
    ...service("NetworkManager"),
  }, /^ok .* is replaced at boot by NetworkManager/],
  ["resolver", "NetworkManager that may not", {
    ...SYSTEMD,
    ...FOREIGN,
    ...service("NetworkManager"),
    "/etc/NetworkManager/NetworkManager.conf": "[main]\ndns=none\n",
  }, /^warning /],
  ["resolver", "ifupdown", {
    ...SYSTEMD,
    ...FOREIGN,
    ...service("networking"),
    "/usr/sbin/dhclient": PROGRAM,
  }, /^ok .* by dhclient/],
  ["kernel", "none", {}, /^warning .* no kernel was found/],
  ["kernel", "in /boot", { "/boot/vmlinuz-6.1.0-1-cloud-amd64": "" }, /^ok /],
  [
    "kernel",
    "with its modules",
    { "/usr/lib/modules/6.1.0/vmlinuz": "" },
    /^ok /,
  ],
  ["kernel", "unified", { "/boot/efi/EFI/Linux/debian.efi": "" }, /^ok /],
  [
    "kernel",
    "modules only",
    { "/lib/modules/6.1.0/modules.dep": "" },
    /^warning /,
  ],
  ["kernel", "a link that leads nowhere", {
    "/boot/vmlinuz": "-> vmlinuz-6.1.0",
  }, /^warning /],
  [
    "ssh_keys",
    "none",
    SYSTEMD,
    /^warning .* no SSH server is installed: nobody can log in/,
  ],
  [
    "ssh_keys",
    "disabled",
    SSHD,
    /^warning .* sshd is installed, but nothing starts it at boot.*; remedy: enable it: systemctl --root=.* enable sshd\.service$/,
  ],
  ["ssh_keys", "masked", {
    ...SSHD,
    ...service("ssh"),
    "/etc/systemd/system/ssh.service": "-> /dev/null",
  }, /^warning .* nothing starts it/],
  [
    "ssh_keys",
    "Debian's",
    { ...SSHD, ...service("ssh") },
    /^ok .* is started by \S+ssh\.service$/,
  ],
  ["ssh_keys", "Fedora's", { ...SSHD, ...service("sshd") }, /^ok /],
  ["ssh_keys", "by a socket", {
    ...SSHD,
    "/etc/systemd/system/sockets.target.wants/sshd.socket": "-> x",
  }, /^ok .*sshd\.socket$/],
  ["ssh_keys", "with an alias", {
    ...SSHD,
    ...service("ssh"),
    "/etc/systemd/system/sshd.service": "-> /lib/systemd/system/ssh.service",
  }, /^ok /],
  ["ssh_keys", "dropbear", {
    ...SYSTEMD,
    "/usr/sbin/dropbear": PROGRAM,
    ...service("dropbear"),
  }, /^ok .* dropbear reads /],
  ["ssh_keys", "dropbear beside a disabled sshd", {
    ...SSHD,
    "/usr/sbin/dropbear": PROGRAM,
    ...service("dropbear"),
  }, /^ok .* dropbear reads /],
  ["ssh_keys", "tinysshd", {
    ...SYSTEMD,
    "/usr/sbin/tinysshd": PROGRAM,
    "/etc/systemd/system/sockets.target.wants/tinysshd.socket": "-> x",
  }, /^ok .* tinysshd reads /],
  ["ssh_keys", "a unit of its own", {
    ...SSHD,
    ...service("door"),
    "/etc/systemd/system/door.service":
      "[Service]\nExecStart=/usr/sbin/sshd -D\n",
  }, /^ok .*door\.service$/],
  ["ssh_keys", "OpenRC", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/sshd": PROGRAM,
    "/etc/runlevels/default/sshd": "-> /etc/init.d/sshd",
  }, /^ok /],
  ["ssh_keys", "OpenRC, disabled", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/sshd": PROGRAM,
    "/etc/init.d/sshd": PROGRAM,
  }, /^warning /],
  ["ssh_keys", "left out", {
    ...SYSTEMD,
    "/etc/azure-provisioning.conf": "without = ssh-keys\n",
  }, /^ok /],
];

shellTest(
  "check says whose resolv.conf an image has, whether it has a kernel, and what lets people in",
  async (shell, folder) => {
    for (const [check, name, files, words] of TREES) {
      const root = `${folder}/${check}-${name.replaceAll(" ", "-")}`;
      assertMatch(
        (await checkLines(shell, root, files))[check] ?? "",
        words,
        `${check}: ${name}`,
      );
    }
  },
);
