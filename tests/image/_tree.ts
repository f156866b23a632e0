/** Files of a tree: text, `-> TARGET` for a link, or `undefined` for an empty folder. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A program that does nothing. */
export const PROGRAM = "#!/bin/sh\n";

/** The folder of the units that systemd starts at an ordinary boot. */
export const WANTS = "/etc/systemd/system/multi-user.target.wants";

/** A machine with systemd. */
export const SYSTEMD: Files = {
  "/sbin/init": "-> /lib/systemd/systemd",
  "/lib/systemd/systemd": PROGRAM,
  "/etc/machine-id": "",
};

/** systemd-networkd, installed and enabled. */
export const NETWORKD: Files = {
  "/lib/systemd/systemd-networkd": PROGRAM,
  [`${WANTS}/systemd-networkd.service`]: "-> x",
};

/**
 * Makes a tree.
 *
 * @param root Its root, that is made.
 * @param files Its files.
 */
export async function makeTree(root: string, files: Files): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = `${root}${path}`;
    await Deno.mkdir(
      content === undefined ? file : file.slice(0, file.lastIndexOf("/")),
      { recursive: true },
    );
    if (content === undefined) continue;
    if (content.startsWith("-> ")) await Deno.symlink(content.slice(3), file);
    else await Deno.writeTextFile(file, content);
    if (content.startsWith("#!")) await Deno.chmod(file, 0o755);
  }
}

/**
 * Reads a whole tree.
 *
 * @param root Its root.
 * @returns What is at each path: kind, mode, owner and content.
 */
export async function readTree(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    const { isSymlink, isDirectory, mode, uid, gid } = await Deno.lstat(
      `${root}${path}`,
    );
    const owner = `${(mode! & 0o7777).toString(8)} ${uid}:${gid}`;
    if (isSymlink) {
      found.set(path, `-> ${await Deno.readLink(`${root}${path}`)}`);
    } else if (isDirectory) {
      found.set(path, `folder ${owner}`);
      for await (const { name } of Deno.readDir(`${root}${path}`)) {
        await visit(`${path}/${name}`);
      }
    } else {
      found.set(path, `${owner} ${await Deno.readTextFile(`${root}${path}`)}`);
    }
  };
  await visit("");
  return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

/** How two trees differ. */
export interface Difference {
  /** Paths that went; of a folder, all in it. */
  readonly removed: readonly string[];
  /** Paths that came. */
  readonly added: readonly string[];
  /** Paths that hold something else now. */
  readonly changed: readonly string[];
}

/**
 * Compares two trees.
 *
 * @param before What {@linkcode readTree} found before.
 * @param after And after.
 * @returns How they differ.
 */
export function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Difference {
  return {
    removed: [...before.keys()].filter((path) => !after.has(path)),
    added: [...after.keys()].filter((path) => !before.has(path)),
    changed: [...before.keys()].filter((path) =>
      after.has(path) && after.get(path) !== before.get(path)
    ),
  };
}

/** A Debian image with systemd on which a VM has lived, without a user. */
export const USED_IMAGE: Files = {
  "/sbin": "-> usr/sbin",
  "/usr/sbin/init": "-> ../lib/systemd/systemd",
  "/usr/sbin/sshd": "#!/bin/sh\n",
  "/usr/bin/ssh-keygen": "#!/bin/sh\n",
  "/usr/lib/systemd/systemd": "#!/bin/sh\n",
  "/usr/lib/systemd/system/ssh.service":
    "[Service]\nExecStartPre=/usr/sbin/sshd -t\nExecStart=/usr/sbin/sshd -D\n",
  "/etc/systemd/system/azure-provisioning.service":
    "[Service]\nExecStart=/usr/local/bin/azure-provisioning\n",
  "/etc/systemd/system/multi-user.target.wants": undefined,
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  "/etc/hosts":
    "127.0.0.1\tlocalhost\n127.0.1.1\tvm-1\t# Added by azure-provisioning\n",
  "/etc/hostname": "vm-1\n",
  "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
  "/var/lib/dbus/machine-id": "0123456789abcdef0123456789abcdef\n",
  "/etc/.hostname.azure-provisioning": "vm",
  "/etc/.hosts.azure-provisioning": "127",
  "/etc/.doas.conf.azure-provisioning": "permit",
  "/etc/sudoers.d/.90-azure-provisioning.azure-provisioning": "#",
  "/etc/ssh/sshd_config.d/.00-azure-provisioning.conf.azure-provisioning": "#",
  "/etc/ssh/sshd_config.d/00-azure-provisioning.conf":
    "PasswordAuthentication no\n",
  "/home/.azure-provisioning/.ssh/authorized_keys": "ssh-ed25519 A\n",
  "/var/lib/azure-provisioning/provisioned.json": "{}",
  "/var/lib/azure-provisioning/.provisioned.json.azure-provisioning": "{",
  "/var/lib/azure-provisioning/customData": "#!/bin/sh\necho secret\n",
  "/run/azure-provisioning/ovf-env.xml": "<secret/>",
  "/var/lib/azure-provisioning/userData": "#!/bin/sh\necho secret\n",
  "/var/lib/azure-provisioning/userdata.result": "{}",
  "/var/log/azure-provisioning-userdata.log": "secret\n",
  "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n",
  "/etc/ssh/ssh_host_rsa_key": "rsa",
  "/etc/ssh/ssh_host_rsa_key.pub": "rsa",
  "/etc/ssh/ssh_host_ed25519_key": "ed25519",
  "/etc/ssh/ssh_host_ed25519_key.pub": "ed25519",
  "/var/lib/dhcp/dhclient.eth0.leases": "lease {}",
  "/var/lib/dhcp/dhcpd.leases": "a server's",
  "/var/lib/dhclient/dhclient--eth0.lease": "lease {}",
  "/var/lib/dhcpcd/eth0.lease": "lease",
  "/var/lib/dhcpcd/dhcpcd.conf": "stays",
  "/var/lib/dhcpcd-eth1.lease": "lease",
  "/var/db/dhcpcd/eth0.lease6": "lease",
  "/var/db/dhcpcd/secret": "secret",
  "/var/db/dhcpcd/rdm_monotonic": "1",
  "/var/db/dhclient.leases.eth0": "lease {}",
  "/var/lib/dhcp3/dhclient.eth0.leases": "lease {}",
  "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml": "<lease/>",
  "/var/lib/wicked/duid.xml": "<duid/>",
  "/var/lib/wicked/iaid.xml": "<iaid/>",
  "/run/wicked/leases/eth0": "lease",
  "/var/lib/connman/settings": "[Wired]\nEnable=true\n",
  "/var/lib/connman/office.config": "[global]\n",
  "/var/lib/connman/ethernet_000d3a000001_cable/settings":
    "IPv4.DHCP.LastAddress=10.0.0.4\n",
  "/var/lib/dhcpcd/duid": "00:01",
  "/var/lib/udhcpc/eth0": "lease",
  "/var/lib/NetworkManager/internal-1-eth0.lease": "lease",
  "/var/lib/NetworkManager/NetworkManager.state": "[main]",
  "/var/lib/NetworkManager/secret_key": "secret",
  "/var/lib/systemd/network/eth0.lease": "lease",
  "/run/systemd/netif/leases/2": "lease",
  "/etc/udev/rules.d/70-persistent-net.rules": "SUBSYSTEM==net",
  "/var/lib/systemd/random-seed": "seed",
  "/var/lib/cloud/instance": "-> instances/1",
  "/var/lib/cloud/instances/1/user-data.txt": "#cloud-config",
  "/var/lib/waagent/ovf-env.xml": "<xml/>",
  "/var/log/cloud-init.log": "log",
  "/var/log/waagent.log": "log",
  "/var/log/azure/run": "log",
  "/var/lib/hyperv/.kvp_pool_1": "kvp",
  "/etc/netplan/50-cloud-init.yaml": "network:\n",
  "/var/log/syslog": "a line\n",
  "/var/log/syslog.2.gz": "old",
  "/var/log/apt/history.log": "a line\n",
  "/var/log/journal/0123456789abcdef0123456789abcdef/system.journal": "j",
  "/root/.bash_history": "ls\n",
  "/root/.profile": "umask 022\n",
};

/** What has to go from {@linkcode USED_IMAGE}. */
export const LEFTOVERS: readonly string[] = [
  "/etc/.doas.conf.azure-provisioning",
  "/etc/.hostname.azure-provisioning",
  "/etc/.hosts.azure-provisioning",
  "/etc/ssh/ssh_host_ed25519_key",
  "/etc/ssh/ssh_host_ed25519_key.pub",
  "/etc/ssh/ssh_host_rsa_key",
  "/etc/ssh/ssh_host_rsa_key.pub",
  "/etc/ssh/sshd_config.d/.00-azure-provisioning.conf.azure-provisioning",
  "/etc/ssh/sshd_config.d/00-azure-provisioning.conf",
  "/etc/sudoers.d/.90-azure-provisioning.azure-provisioning",
  "/etc/udev/rules.d/70-persistent-net.rules",
  "/home/.azure-provisioning",
  "/run/azure-provisioning/ovf-env.xml",
  "/run/systemd/netif/leases/2",
  "/run/wicked/leases/eth0",
  "/var/db/dhclient.leases.eth0",
  "/var/db/dhcpcd/eth0.lease6",
  "/var/db/dhcpcd/rdm_monotonic",
  "/var/db/dhcpcd/secret",
  "/var/lib/NetworkManager/internal-1-eth0.lease",
  "/var/lib/NetworkManager/secret_key",
  "/var/lib/azure-provisioning",
  "/var/lib/cloud",
  "/var/lib/connman/ethernet_000d3a000001_cable",
  "/var/lib/dbus/machine-id",
  "/var/lib/dhclient/dhclient--eth0.lease",
  "/var/lib/dhcp/dhclient.eth0.leases",
  "/var/lib/dhcp3/dhclient.eth0.leases",
  "/var/lib/dhcpcd-eth1.lease",
  "/var/lib/dhcpcd/duid",
  "/var/lib/dhcpcd/eth0.lease",
  "/var/lib/hyperv/.kvp_pool_1",
  "/var/lib/systemd/network/eth0.lease",
  "/var/lib/systemd/random-seed",
  "/var/lib/udhcpc/eth0",
  "/var/lib/waagent",
  "/var/lib/wicked/duid.xml",
  "/var/lib/wicked/iaid.xml",
  "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml",
  "/var/log/azure",
  "/var/log/azure-provisioning-userdata.log",
  "/var/log/cloud-init.log",
  "/var/log/waagent.log",
];

/**
 * Reads the list that generalize.sh prints.
 *
 * @param stdout What it wrote.
 * @param root The tree that it worked on.
 * @param word What is to happen to the paths.
 * @returns The paths, in the tree, unquoted.
 */
export function listed(stdout: string, root: string, word: string): string[] {
  return stdout.split("\n")
    .filter((line) => line.startsWith(`  ${word} `))
    .map((line) => line.slice(10 + root.length).split(": ")[0]!)
    .sort();
}

/**
 * Leaves out what is in a folder that is named, too.
 *
 * @param paths Paths.
 * @returns Those that are in no other.
 */
export function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) =>
    !paths.some((other) => path.startsWith(`${other}/`))
  );
}
