import { assert, assertEquals, assertMatch } from "@std/assert";
import { run, runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree, readTree } from "./_tree.ts";

const MAC = "52:54:00:12:34:56";

/** Files that are bound to a MAC address, and how that is printed if it is not {@linkcode MAC}. */
const BOUND: readonly (readonly [path: string, text: string, mac?: string])[] =
  [
    [
      "/etc/systemd/network/a.network",
      `[Match]\nMACAddress=${MAC}\n[Network]\nDHCP=yes\n`,
    ],
    [
      "/etc/systemd/network/b.network",
      `[Match]\nPermanentMACAddress = 00:11:22:33:44:55 ${MAC}\r\n`,
      "00:11:22:33:44:55",
    ],
    [
      "/etc/systemd/network/c.link",
      `# card\n[Match]\nMACAddress=52-54-00-AB-CD-EF\n[Link]\nName=lan0\n`,
      "52-54-00-ab-cd-ef",
    ],
    [
      "/etc/systemd/network/d.netdev",
      `[NetDev]\nName=br0\nKind=bridge\nMACAddress=5254.0012.3456\n`,
      "5254.0012.3456",
    ],
    [
      "/etc/systemd/network/e.network.d/10-mac.conf",
      `[Match]\nMACAddress=\\\n  ${MAC}\n`,
    ],
    [
      "/etc/systemd/network/f.network",
      `[Match]\nName=enx525400123456\n`,
      "525400123456",
    ],
    ["/usr/lib/systemd/network/g.network", `[Link]\nMACAddress=${MAC}\n`],
    [
      "/usr/local/lib/systemd/network/h.link.d/x.conf",
      `[Match]\nMACAddress=${MAC}\n`,
    ],
    ["/run/systemd/network/i.link", `[Match]\nMACAddress=${MAC}\n`],
    [
      "/etc/NetworkManager/system-connections/Wired 1.nmconnection",
      `[connection]\nid=x\n[ethernet]\nmac-address=52:54:00:AB:CD:EF\n`,
      "52:54:00:ab:cd:ef",
    ],
    [
      "/etc/NetworkManager/system-connections/old",
      `[802-3-ethernet]\ncloned-mac-address=${MAC}\n`,
    ],
    [
      "/etc/NetworkManager/conf.d/x.conf",
      `[keyfile]\nunmanaged-devices=*,except:mac:${MAC}\n`,
    ],
    [
      "/etc/NetworkManager/NetworkManager.conf",
      `[device-x]\nmatch-device=mac:${MAC}\n`,
    ],
    [
      "/etc/netplan/01.yaml",
      `network:\n  ethernets:\n    lan:\n      match:\n        macaddress: "${MAC}"\n`,
    ],
    [
      "/etc/netplan/02.yaml",
      `network: {ethernets: {a: {match: {'macaddress': ${MAC}}}}}\n`,
    ],
    ["/etc/netplan/03.yml", `      macaddress:\n        '${MAC}'\n`],
    [
      "/etc/sysconfig/network-scripts/ifcfg-eth0",
      `DEVICE=eth0\nHWADDR="${MAC}"\n`,
    ],
    ["/etc/sysconfig/network-scripts/ifcfg-eth1", `MACADDR='${MAC}'\n`],
    ["/etc/sysconfig/network/ifcfg-eth0", `LLADDR=${MAC}\n`],
    [
      "/etc/wicked/ifconfig/eth0.xml",
      `<interface>\n<match><hwaddr>${MAC}</hwaddr></match>\n</interface>\n`,
    ],
    [
      "/etc/network/interfaces",
      `auto eth0\niface eth0 inet dhcp\n\thwaddress ether ${MAC}\n`,
    ],
    [
      "/etc/network/interfaces.d/x",
      `iface eth0 inet dhcp\n  pre-up ip link set eth0 address ${MAC}\n`,
    ],
    ["/etc/network/interfaces.d/y", `auto mac/${MAC}=eth0\n`],
    ["/etc/mactab", `lan0 ${MAC}\n`],
    ["/etc/iftab", `eth0 mac ${MAC} arp 1\n`],
    ["/etc/conf.d/net", `config_eth0="dhcp"\nmac_eth0="${MAC}"\n`],
    ["/var/lib/connman/x.config", `[service_x]\nType=ethernet\nMAC=${MAC}\n`],
    [
      "/etc/udev/rules.d/10-my.rules",
      `SUBSYSTEM=="net", ATTR{address}=="${MAC}", NAME="lan0"\n`,
    ],
    [
      "/usr/lib/udev/rules.d/11-my.rules",
      `SUBSYSTEM=="net", \\\n  ATTRS{address}=="${MAC}|00:11:22:33:44:55", NAME="lan0"\n`,
    ],
    ["/etc/default/grub", `GRUB_CMDLINE_LINUX="quiet ifname=eth0:${MAC}"\n`],
    [
      "/etc/default/grub.d/50.cfg",
      `GRUB_CMDLINE_LINUX="BOOTIF=01-52-54-00-12-34-56"\n`,
      "52-54-00-12-34-56",
    ],
    ["/etc/kernel/cmdline", `ifname=eth0:${MAC} root=/dev/sda1\n`],
    ["/boot/grub/grub.cfg", `\tlinux /vmlinuz root=x ifname=eth0:${MAC}\n`],
    ["/boot/loader/entries/a.conf", `options quiet ifname=eth0:${MAC}\n`],
    ["/etc/dracut.conf.d/a.conf", `kernel_cmdline+=" ifname=eth0:${MAC} "\n`],
    ["/etc/cmdline.d/a.conf", `ip=eth0:dhcp:1500:${MAC}\n`],
  ];

/** Files that serve every VM. */
const FREE: Files = {
  "/etc/systemd/network/a.network":
    `[Match]\nName=eth*\n#MACAddress=${MAC}\n[Network]\nDHCP=yes\n`,
  "/etc/systemd/network/b.network":
    `[Match]\nDriver=hv_netvsc\n[DHCPServerStaticLease]\nMACAddress=${MAC}\n`,
  "/etc/systemd/network/c.link":
    `[Match]\nOriginalName=*\n[Link]\nMACAddressPolicy=persistent\n`,
  "/etc/systemd/network/README": `MACAddress=${MAC}\n`,
  "/etc/NetworkManager/system-connections/a.nmconnection":
    `[connection]\nuuid=2c1bd052-5400-1234-5678-525400123456\ninterface-name=eth0\n[ethernet]\ncloned-mac-address=preserve\n`,
  "/etc/NetworkManager/conf.d/a.conf":
    `[keyfile]\nunmanaged-devices=driver:mlx5_core\n`,
  "/etc/netplan/a.yaml":
    `    a:\n      match: {driver: hv_netvsc}\n      # macaddress: ${MAC}\n      dhcp4: true\n`,
  "/etc/sysconfig/network-scripts/ifcfg-eth0":
    `DEVICE=eth0\n#HWADDR=${MAC}\nHWADDR=\nBOOTPROTO=dhcp\n`,
  "/etc/network/interfaces": `iface eth0 inet dhcp\n# hwaddress ${MAC}\n`,
  "/etc/udev/rules.d/a.rules":
    `SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:*", NAME="x"\nATTR{address}!="${MAC}"\n`,
  "/etc/default/grub":
    `GRUB_CMDLINE_LINUX="root=UUID=12345678-ab-cd ifname=eth0"\n`,
  "/boot/grub/grub.cfg":
    "search --fs-uuid 2c1bd052-5400-1234-5678-525400123456\n",
};

interface Check {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remedy: string;
}

async function checked(
  shell: Shell,
  root: string,
  check: string,
  warns = /^$/,
): Promise<Check> {
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root, [
    "--json",
  ]);
  assertMatch(stderr, warns);
  return (JSON.parse(stdout) as Check[]).find((it) => it.check === check)!;
}

/** So many are named; the others are counted. */
const NAMED = 5;

shellTest(
  "check names each file that is bound to a MAC address, and a remedy",
  async (shell, folder) => {
    for (let from = 0; from < BOUND.length; from += NAMED) {
      const root = `${folder}/${from}`;
      const files = BOUND.slice(from, from + NAMED);
      await makeTree(root, {
        "/etc": undefined,
        ...Object.fromEntries(files),
      });
      const { status, message, remedy } = await checked(
        shell,
        root,
        "mac_addresses",
      );
      assertEquals(status, "warning");
      for (const [path, , mac = MAC] of files) {
        assert(
          message.includes(`${root}${path} (${mac})`),
          `${path}: ${message}`,
        );
        assert(remedy.includes(`${root}${path}`), `${path}: ${remedy}`);
      }
    }
  },
);

shellTest(
  "generalize names each file that is bound to a MAC address, and keeps it",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, Object.fromEntries(BOUND));
    const { message } = await checked(shell, root, "mac_addresses");
    assert(message.endsWith(` and ${BOUND.length - NAMED} more`), message);
    const before = await readTree(root);
    const { code, stdout } = await runOnTree(shell, "generalize.sh", root, [
      "--yes",
    ]);
    assertEquals(code, 0);
    const after = await readTree(root);
    for (const [path, , mac = MAC] of BOUND) {
      const words =
        `is bound to the MAC address ${mac}, which no other VM has: `;
      assert(
        stdout.split("\n").some((line) =>
          line.includes(path) && line.includes(words)
        ),
        `${path}: ${stdout}`,
      );
      assertEquals(after.get(path), before.get(path));
    }
  },
);

shellTest(
  "check takes a network that serves every VM as it is",
  async (shell, folder) => {
    await makeTree(`${folder}/free`, FREE);
    for (const check of ["mac_addresses", "interface_names"]) {
      const { status, message } = await checked(shell, `${folder}/free`, check);
      assertEquals(status, "ok", message);
    }
    const { stdout } = await runOnTree(
      shell,
      "generalize.sh",
      `${folder}/free`,
      ["--yes"],
    );
    assert(!stdout.includes("is bound"), stdout);
  },
);

shellTest(
  "generalize removes the rules that udev or an installer writes again, whatever their number",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const rule = `SUBSYSTEM=="net", ATTR{address}=="${MAC}", NAME="eth0"\n`;
    await makeTree(root, {
      "/etc/udev/rules.d/60-persistent-net.rules": rule,
      "/etc/udev/rules.d/70-persistent-net.rules": rule,
      "/etc/udev/rules.d/70-mine.rules": rule,
    });
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(
      [...(await readTree(root)).keys()].filter((path) =>
        path.endsWith(".rules")
      ),
      ["/etc/udev/rules.d/70-mine.rules"],
    );
  },
);

/** Files that ask for an address of a card that Azure does not have. */
const FOREIGN:
  readonly (readonly [path: string, text: string, names: string])[] = [
    [
      "/etc/systemd/network/a.network",
      "[Match]\nName=enp0s3\n[Network]\nDHCP=yes\n",
      "enp0s3",
    ],
    [
      "/etc/systemd/network/b.network",
      "[Match]\nName=en*\n[Network]\nDHCP=ipv4\n",
      "en*",
    ],
    [
      "/usr/lib/systemd/network/c.network",
      "[Match]\nName=ens3 eno1\n[Network]\nDHCP=true\n",
      "ens3 eno1",
    ],
    [
      "/etc/NetworkManager/system-connections/a",
      "[connection]\ninterface-name=ens33\n[ipv4]\nmethod=auto\n",
      "ens33",
    ],
    [
      "/etc/netplan/a.yaml",
      "network:\n  version: 2\n  ethernets:\n    enp1s0:\n      dhcp4: true\n",
      "enp1s0",
    ],
    [
      "/etc/netplan/b.yaml",
      'network:\n  ethernets:\n    all:\n      match:\n        name: "en*"\n      dhcp4: yes\n',
      "en*",
    ],
    [
      "/etc/sysconfig/network-scripts/ifcfg-ens192",
      "BOOTPROTO=dhcp\n",
      "ens192",
    ],
    [
      "/etc/sysconfig/network-scripts/ifcfg-x",
      'DEVICE="em1"\nBOOTPROTO=dhcp\n',
      "em1",
    ],
    [
      "/etc/network/interfaces",
      "auto lo\niface lo inet loopback\nallow-hotplug ens3\niface ens3 inet dhcp\n",
      "ens3",
    ],
    [
      "/etc/network/interfaces.d/a",
      "iface enp0s3 inet manual\n  up udhcpc -b -i enp0s3\n",
      "enp0s3",
    ],
  ];

/** Files that have such names, and serve VMs on Azure as well, or ask for nothing. */
const SERVES: readonly (readonly [path: string, text: string])[] = [
  [
    "/etc/systemd/network/a.network",
    "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n",
  ],
  ["/etc/systemd/network/b.network", "[Match]\nName=e*\n[Network]\nDHCP=yes\n"],
  [
    "/etc/systemd/network/c.network",
    "[Match]\nName=enP*\n[Link]\nUnmanaged=yes\n",
  ],
  [
    "/etc/systemd/network/d.network",
    "[Match]\nName=!enP*\n[Network]\nDHCP=yes\n",
  ],
  [
    "/etc/systemd/network/e.network",
    "[Match]\nType=ether\n[Network]\nDHCP=yes\n",
  ],
  [
    "/etc/netplan/a.yaml",
    "network:\n  ethernets:\n    enp1s0: {dhcp4: true}\n    eth0: {dhcp4: true}\n",
  ],
  [
    "/etc/netplan/b.yaml",
    "network:\n  ethernets:\n    enp1s0:\n      match: {driver: hv_netvsc}\n      dhcp4: true\n",
  ],
  ["/etc/network/interfaces", "iface ens3 inet dhcp\niface eth0 inet dhcp\n"],
  ["/etc/network/interfaces.d/a", "iface ens3 inet static\n"],
];

shellTest(
  "check names each file that asks for a card which is not on Azure",
  async (shell, folder) => {
    for (let from = 0; from < FOREIGN.length; from += NAMED) {
      const root = `${folder}/${from}`;
      const files = FOREIGN.slice(from, from + NAMED);
      await makeTree(root, { "/etc": undefined, ...Object.fromEntries(files) });
      const it = await checked(shell, root, "interface_names");
      assertEquals(it.status, "warning");
      for (const [path, , names] of files) {
        assert(it.message.includes(`${root}${path} (${names})`), it.message);
      }
    }
    await makeTree(`${folder}/serves`, Object.fromEntries(SERVES));
    const it = await checked(shell, `${folder}/serves`, "interface_names");
    assertEquals(it.status, "ok", it.message);
  },
);

shellTest(
  "check does not take a file that is bound to another machine's card for one that asks for an address",
  async (shell, folder) => {
    for (
      const [index, match] of [`MACAddress=${MAC}`, "Name=enp0s3"].entries()
    ) {
      const root = `${folder}/${index}`;
      await makeTree(root, {
        "/lib/systemd/systemd-networkd": "#!/bin/sh\n",
        "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
          "-> x",
        "/etc/systemd/network/a.network":
          `[Match]\n${match}\n[Network]\nDHCP=yes\n`,
      });
      const it = await checked(shell, root, "dhcp_enabled");
      assert(it.status !== "ok", it.message);
    }
  },
);

shellTest(
  "check looks at hostile network files without harm",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const network = `${root}/etc/systemd/network`;
    await makeTree(root, {
      "/etc/systemd/network/a\u202e;rm -rf $(x)|`x`.network":
        `[Match]\nMACAddress=${MAC}\n`,
      "/etc/systemd/network/stars.network": `[Match]\nName=${
        "*a".repeat(50)
      } en${"*".repeat(4000)} ens3\n[Network]\nDHCP=yes\n`,
      "/etc/systemd/network/out.network": "-> /proc/self/environ",
      "/etc/systemd/network/loop.network": "-> loop.network",
      "/etc/systemd/network/loop.network.d": "-> .",
      "/etc/systemd/network/long.network": `[Match]\nMACAddress=${
        "x".repeat(3_000_000)
      }\n`,
      "/etc/netplan/x.yaml": "macaddress:\\\n".repeat(200_000),
    });
    await run(["mkfifo", `${network}/pipe.network`]);
    await run(["truncate", "-s", "1T", `${network}/sparse.network`]);
    const startedAt = performance.now();
    const { status, message, remedy } = await checked(
      shell,
      root,
      "mac_addresses",
      // The text of all of them is more than an image has.
      /^(Warning: .*x\.yaml and what comes after it is not looked at: .*\n)*$/,
    );
    assert(performance.now() - startedAt < 20_000);
    assertEquals(status, "warning");
    assert(message.includes("\\xe2\\x80\\xae"), message);
    assert(!/[\u202e\n]/.test(message + remedy));
    assert(remedy.startsWith("no command is given"), remedy);
  },
);
