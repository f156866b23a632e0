import { assertEquals, assertMatch } from "@std/assert";
import { runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

const PROGRAM = "#!/bin/sh\n";
const NETWORKD = {
  "/lib/systemd/systemd-networkd": PROGRAM,
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
    "-> x",
};
const CONTAINERS = {
  "/usr/lib/systemd/network/80-container-host0.network": "DHCP=yes\n",
};

/** What check.sh says of a tree's DHCP clients, by its checks' names. */
async function said(
  shell: Shell,
  root: string,
  files: Files,
): Promise<{ client: string; enabled: string }> {
  await makeTree(root, { "/etc": undefined, ...files });
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root);
  assertEquals(stderr, "");
  const of = (check: string) =>
    stdout.split("\n").find((line) => line.includes(` ${check}: `)) ?? "";
  return { client: of("dhcp_client"), enabled: of("dhcp_enabled") };
}

shellTest(
  "check names every DHCP client that is installed, and fails without one",
  async (shell, folder) => {
    const { client } = await said(shell, `${folder}/all`, {
      ...NETWORKD,
      "/usr/sbin/dhclient": PROGRAM,
      "/usr/sbin/wickedd": PROGRAM,
      "/usr/bin/dhcpcd": undefined,
    });
    assertEquals(
      client,
      "ok dhcp_client: the network can be configured by: systemd-networkd dhclient wicked",
    );
    const busybox = await said(shell, `${folder}/busybox`, {
      "/bin/busybox": PROGRAM,
    });
    assertMatch(busybox.client, /^ok .* by: udhcpc$/);
    const none = await said(shell, `${folder}/none`, {});
    assertMatch(
      none.client,
      /^failure dhcp_client: no DHCP client is installed: .*; remedy: install one: "apt-get install /,
    );
  },
);

const WANTS = "/etc/systemd/system/multi-user.target.wants";
const SCRIPT = "/etc/init.d/rcS";
const IFUPDOWN = {
  "/lib/systemd/systemd-networkd": PROGRAM,
  "/usr/sbin/ifup": PROGRAM,
  "/usr/sbin/dhclient": PROGRAM,
  [`${WANTS}/networking.service`]: "-> x",
};
const MANAGER = {
  "/usr/sbin/NetworkManager": PROGRAM,
  [`${WANTS}/NetworkManager.service`]: "-> x",
};
const DHCPCD = {
  "/usr/sbin/dhcpcd": PROGRAM,
  [`${WANTS}/dhcpcd.service`]: "-> x",
};
const DHCPCD_UNIT = {
  "/etc/wpa_supplicant": undefined,
  "/lib/systemd/system/dhcpcd.service":
    "[Service]\nProtectSystem=strict\nReadWritePaths=/run/dhcpcd /etc/wpa_supplicant -/etc/x /etc/resolv.conf\n",
};
const CONNMAN = {
  "/usr/sbin/connmand": PROGRAM,
  [`${WANTS}/connman.service`]: "-> x",
};
const NETPLAN = {
  "/lib/systemd/systemd-networkd": PROGRAM,
  "/usr/lib/systemd/system-generators/netplan": PROGRAM,
  "/etc/netplan/a.yaml":
    "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n",
};
const ETH0 = "auto eth0\niface eth0 inet dhcp\n";
const network = (name: string, text: string) => ({
  [`/etc/systemd/network/${name}.network`]: text,
});
const interfaces = (text: string) => ({ "/etc/network/interfaces": text });
const nm = (path: string, text: string) => ({
  [`/etc/NetworkManager/${path}`]: text,
});

/** Trees, and what is said of what asks for an address in each. */
const TREES: readonly (readonly [string, Files, RegExp])[] = [
  [
    "networkd",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"),
    },
    /^ok .* by \S+\/systemd-networkd\.service$/,
  ],
  [
    "netplan",
    {
      ...NETWORKD,
      "/etc/netplan/a.yaml":
        "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n",
    },
    /^ok .* by \S+\/systemd-networkd\.service$/,
  ],
  [
    "netplan by its generator alone",
    NETPLAN,
    /^ok .* by \/usr\/lib\/systemd\/system-generators\/netplan$/,
  ],
  [
    "netplan by its generator, for NetworkManager",
    {
      ...NETPLAN,
      "/etc/netplan/b.yaml": "network: {renderer: NetworkManager}\n",
    },
    /^failure /,
  ],
  [
    "netplan by its generator, with networkd masked",
    {
      ...NETPLAN,
      "/etc/systemd/system/systemd-networkd.service": "-> /dev/null",
    },
    /^failure /,
  ],
  [
    "netplan without its generator",
    {
      "/lib/systemd/systemd-networkd": PROGRAM,
      "/etc/netplan/a.yaml": NETPLAN["/etc/netplan/a.yaml"],
    },
    /^failure /,
  ],
  [
    "netplan by a match",
    {
      ...NETWORKD,
      "/etc/netplan/a.yaml":
        'network:\n  ethernets:\n    all:\n      match: {name: "e*"}\n      dhcp4: true\n',
    },
    /^ok /,
  ],
  [
    "netplan for another card",
    {
      ...NETWORKD,
      "/etc/netplan/a.yaml":
        "network:\n  ethernets:\n    ens3:\n      dhcp4: true\n",
    },
    /^failure .* systemd-networkd is enabled, but /,
  ],
  [
    "netplan that is off",
    {
      ...NETWORKD,
      "/etc/netplan/a.yaml":
        "network:\n  ethernets:\n    eth0:\n      dhcp4: false\n",
    },
    /^failure /,
  ],
  [
    "networkd by type",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nType=ether\n[Network]\nDHCP=ipv4\n"),
    },
    /^ok /,
  ],
  [
    "networkd by what it is not",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=!lo docker*\n[Network]\nDHCP=true\n"),
    },
    /^ok /,
  ],
  [
    "networkd by a drop-in",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=e*\n"),
      "/etc/systemd/network/a.network.d/dhcp.conf": "[Network]\nDHCP=yes\n",
    },
    /^ok /,
  ],
  [
    "networkd for another card",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=en*\n[Network]\nDHCP=yes\n"),
    },
    /^failure .* none of its files is for the card of a VM/,
  ],
  [
    "networkd for a card that has another name here",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=lan0\n[Network]\nDHCP=yes\n"),
      "/etc/systemd/network/10-lan.link":
        "[Match]\nDriver=hv_netvsc\n[Link]\nName=lan0\n",
    },
    /^ok /,
  ],
  [
    "networkd with a static file first",
    {
      ...NETWORKD,
      ...network("10", "[Match]\nName=eth0\n[Network]\nAddress=10.0.0.4/24\n"),
      ...network("80", "[Match]\nName=e*\n[Network]\nDHCP=yes\n"),
    },
    /^failure .* the first of its files that is for the card of a VM, \/etc\/systemd\/network\/10\.network, does not ask/,
  ],
  [
    "networkd with a file that looks like two",
    {
      ...NETWORKD,
      ...network(
        "10",
        "[Match]\nName=wlan0\n[Link]\n@ /x\n[Match]\nType=ether\n[Network]\nDHCP=yes\n",
      ),
    },
    /^failure .* none of its files is for the card of a VM/,
  ],
  [
    "networkd with an empty file, whose drop-ins do not count",
    {
      ...NETWORKD,
      ...network("80", ""),
      "/etc/systemd/network/80.network.d/a.conf":
        "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
    },
    /^failure /,
  ],
  [
    "networkd with a masked file",
    {
      ...NETWORKD,
      "/usr/lib/systemd/network/80.network":
        "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
      "/etc/systemd/network/80.network": "-> /dev/null",
    },
    /^failure /,
  ],
  [
    "networkd with IPv6 only",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=ipv6\n"),
    },
    /^failure /,
  ],
  [
    "networkd with a comment",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=eth0\n[Network]\n#DHCP=yes\n"),
    },
    /^failure /,
  ],
  [
    "networkd masked",
    {
      ...NETWORKD,
      ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"),
      "/etc/systemd/system/systemd-networkd.service": "-> /dev/null",
    },
    /^failure .* no DHCP client is enabled/,
  ],
  [
    "networkd at a target that nothing starts",
    {
      "/lib/systemd/systemd-networkd": PROGRAM,
      "/etc/systemd/system/rescue.target.wants/systemd-networkd.service":
        "-> x",
      ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"),
    },
    /^failure .* no DHCP client is enabled/,
  ],
  [
    "networkd by a socket",
    {
      "/lib/systemd/systemd-networkd": PROGRAM,
      "/etc/systemd/system/sockets.target.wants/systemd-networkd.socket":
        "-> x",
      ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"),
    },
    /^ok .*\/systemd-networkd\.socket$/,
  ],
  [
    "manager",
    { ...NETWORKD, ...MANAGER },
    /^ok .* by \S+\/NetworkManager\.service$/,
  ],
  ["manager that is not installed", {
    [`${WANTS}/NetworkManager.service`]: "-> x",
  }, /^failure /],
  [
    "manager without default profiles",
    { ...MANAGER, ...nm("conf.d/a.conf", "[main]\nno-auto-default=*\n") },
    /^failure .* NetworkManager is enabled, but \/etc\/NetworkManager\/conf\.d\/a\.conf keeps it from using a card/,
  ],
  [
    "manager with a profile",
    {
      ...MANAGER,
      ...nm("conf.d/a.conf", "[main]\nno-auto-default=*\n"),
      ...nm(
        "system-connections/Wired connection 1.nmconnection",
        "[connection]\ntype=ethernet\n[ipv4]\nmethod=auto\n",
      ),
    },
    /^ok /,
  ],
  [
    "manager with a static profile",
    {
      ...MANAGER,
      ...nm(
        "system-connections/a.nmconnection",
        "[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\n",
      ),
    },
    /^failure .* its profile /,
  ],
  [
    "manager for wireless cards only",
    {
      ...MANAGER,
      "/usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf":
        "[keyfile]\nunmanaged-devices=*,except:type:wifi,except:type:gsm\n",
    },
    /^failure .* has it leave the card of a VM alone/,
  ],
  [
    "manager whose ban was lifted",
    {
      ...MANAGER,
      "/usr/lib/NetworkManager/conf.d/10-globally-managed-devices.conf":
        "[keyfile]\nunmanaged-devices=*,except:type:wifi\n",
      ...nm("conf.d/10-globally-managed-devices.conf", "\n"),
    },
    /^ok /,
  ],
  [
    "manager beside ifupdown's card",
    {
      ...MANAGER,
      ...nm(
        "NetworkManager.conf",
        "[main]\nplugins=ifupdown,keyfile\n[ifupdown]\nmanaged=false\n",
      ),
      ...interfaces("auto eth0\niface eth0 inet static\n"),
    },
    /^failure /,
  ],
  [
    "ifupdown",
    { ...IFUPDOWN, ...interfaces(ETH0) },
    /^ok .* by \S+\/networking\.service$/,
  ],
  [
    "ifupdown with nothing but a source",
    {
      ...IFUPDOWN,
      ...interfaces("source /etc/network/interfaces.d/*\n"),
      "/etc/network/interfaces.d": undefined,
    },
    /^failure .* ifupdown is enabled, but \/etc\/network\/interfaces has nothing that brings up the card of a VM; remedy: write /,
  ],
  [
    "ifupdown with a source that asks",
    {
      ...IFUPDOWN,
      ...interfaces("source interfaces.d/*\n"),
      "/etc/network/interfaces.d/eth0":
        "allow-hotplug eth0\niface eth0 \\\n inet dhcp\n",
    },
    /^ok /,
  ],
  [
    "ifupdown with a folder that asks",
    {
      ...IFUPDOWN,
      ...interfaces("source-directory /etc/network/interfaces.d\n"),
      "/etc/network/interfaces.d/eth0": ETH0,
    },
    /^ok /,
  ],
  ["ifupdown with lo only", {
    ...IFUPDOWN,
    ...interfaces("auto lo\niface lo inet loopback\n"),
  }, /^failure /],
  ["ifupdown without a file", IFUPDOWN, /^failure /],
  ["ifupdown that is static", {
    ...IFUPDOWN,
    ...interfaces("auto eth0\niface eth0 inet static\n"),
  }, /^failure .* has a "static" card/],
  ["ifupdown without auto", {
    ...IFUPDOWN,
    ...interfaces("iface eth0 inet dhcp\n"),
  }, /^failure .* no "auto" or "allow-hotplug"/],
  ["ifupdown for another card", {
    ...IFUPDOWN,
    ...interfaces("auto ens3\niface ens3 inet dhcp\n"),
  }, /^failure /],
  ["ifupdown with udhcpc of its own", {
    ...IFUPDOWN,
    ...interfaces(
      "auto eth0\niface eth0 inet manual\n  up udhcpc -b -i eth0\n",
    ),
  }, /^ok /],
  [
    "ifupdown without a client",
    {
      "/lib/systemd/systemd-networkd": PROGRAM,
      "/usr/sbin/ifup": PROGRAM,
      [`${WANTS}/networking.service`]: "-> x",
      ...interfaces(ETH0),
    },
    /^failure .* there is no dhclient, dhcpcd or udhcpc for ifupdown/,
  ],
  ["dhcpcd", DHCPCD, /^ok /],
  ["dhcpcd that is denied", {
    ...DHCPCD,
    "/etc/dhcpcd.conf": "denyinterfaces eth*\n",
  }, /^failure /],
  ["dhcpcd for others", {
    ...DHCPCD,
    "/etc/dhcpcd.conf": "allowinterfaces wlan0\n",
  }, /^failure /],
  ["dhcpcd that is static", {
    ...DHCPCD,
    "/etc/dhcpcd.conf": "interface eth0\nstatic ip_address=10.0.0.4/24\n",
  }, /^failure /],
  ["dhcpcd that is static elsewhere", {
    ...DHCPCD,
    "/etc/dhcpcd.conf": "interface eth7\nstatic ip_address=10.0.0.4/24\n",
  }, /^ok /],
  [
    "dhcpcd whose unit has to write to a file that is not there",
    { ...DHCPCD, ...DHCPCD_UNIT },
    /^failure .* dhcpcd\.service cannot start without \/etc\/resolv\.conf; remedy: make /,
  ],
  [
    "dhcpcd whose unit has to write to a link that leads nowhere",
    { ...DHCPCD, ...DHCPCD_UNIT, "/etc/resolv.conf": "-> /run/nothing" },
    /^failure /,
  ],
  [
    "dhcpcd whose unit has all that it needs",
    { ...DHCPCD, ...DHCPCD_UNIT, "/etc/resolv.conf": "" },
    /^ok /,
  ],
  [
    "dhcpcd whose unit was changed to need nothing",
    {
      ...DHCPCD,
      ...DHCPCD_UNIT,
      "/etc/systemd/system/dhcpcd.service.d/a.conf":
        "[Service]\nReadWritePaths=\n",
    },
    /^ok /,
  ],
  ["connman", CONNMAN, /^ok /],
  ["connman that is denied", {
    ...CONNMAN,
    "/etc/connman/main.conf":
      "[General]\nNetworkInterfaceBlacklist = vmnet,eth\n",
  }, /^failure /],
  ["wicked", {
    "/usr/sbin/wickedd": PROGRAM,
    [`${WANTS}/wicked.service`]: "-> x",
    "/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
  }, /^ok /],
  ["wicked without a file", {
    "/usr/sbin/wickedd": PROGRAM,
    [`${WANTS}/wicked.service`]: "-> x",
  }, /^failure /],
  ["a unit of its own", {
    "/usr/sbin/dhclient": PROGRAM,
    [`${WANTS}/net.service`]: "-> ../net.service",
    "/etc/systemd/system/net.service":
      "[Service]\nExecStart=-/usr/sbin/dhclient -d eth0\n",
  }, /^ok .* by \/etc\/systemd\/system\/net\.service$/],
  [
    "script",
    { ...NETWORKD, [SCRIPT]: "exec udhcpc -i eth0\n" },
    /^ok .* by \/etc\/init\.d\/rcS$/,
  ],
  ["ifup", {
    "/usr/sbin/ifup": PROGRAM,
    "/usr/sbin/dhclient": PROGRAM,
    ...interfaces(ETH0),
    [SCRIPT]: "ifup -a\n",
  }, /^ok .* by \/etc\/init\.d\/rcS$/],
  [
    "ifup without a card",
    { "/usr/sbin/ifup": PROGRAM, [SCRIPT]: "ifup -a\n" },
    /^failure .* \/etc\/init\.d\/rcS runs ifup, but /,
  ],
  [
    "a script that may not be run",
    { "/etc/rc.local": "dhclient eth0\n" },
    /^failure /,
  ],
  ["openrc", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/dhcpcd": PROGRAM,
    "/etc/runlevels/default/dhcpcd": "-> /etc/init.d/dhcpcd",
  }, /^ok .* by \/etc\/runlevels\/default\/dhcpcd$/],
  ["netifrc", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/dhcpcd": PROGRAM,
    "/etc/runlevels/default/net.eth0": "-> /etc/init.d/net.lo",
  }, /^ok /],
  ["netifrc that is static", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/dhcpcd": PROGRAM,
    "/etc/runlevels/default/net.eth0": "-> x",
    "/etc/conf.d/net": 'config_eth0="10.0.0.4/24"\n',
  }, /^failure /],
  ["netifrc for lo", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/dhcpcd": PROGRAM,
    "/etc/runlevels/default/net.lo": "-> x",
  }, /^failure /],
  ["a service that is not known", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/udhcpc": PROGRAM,
    "/etc/init.d/lan": "#!/sbin/openrc-run\nstart() { udhcpc -i eth0; }\n",
  }, /^warning .* only \/etc\/init\.d\/lan seems to start a DHCP client/],
  [
    "idle",
    { ...NETWORKD, ...CONTAINERS, [SCRIPT]: "# udhcpc -i eth0\n" },
    /^failure dhcp_enabled: .*; remedy: write .*10-dhcp\.network/,
  ],
  ["presets at a first boot", {
    "/lib/systemd/systemd": PROGRAM,
    ...NETWORKD,
    "/etc/machine-id": "uninitialized\n",
    [`${WANTS}/systemd-networkd.service`]: "-> /dev/null",
    "/lib/systemd/system/systemd-networkd.service":
      "[Install]\nWantedBy=network.target\n",
    "/lib/systemd/system-preset/90.preset":
      "enable systemd-networkd.*\ndisable *\n",
    ...network("a", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"),
  }, /^ok .* by \/(usr\/)?lib\/systemd\/system-preset\/90\.preset$/],
  [
    "none",
    { "/lib/systemd/systemd-networkd": PROGRAM },
    /^failure dhcp_enabled: nothing asks .*\(systemd-networkd, NetworkManager, .*, wicked\)/,
  ],
];

shellTest(
  "check says what asks for an address at boot, and fails if nothing does",
  async (shell, folder) => {
    for (const [name, files, words] of TREES) {
      const { enabled } = await said(
        shell,
        `${folder}/${name.replaceAll(" ", "-")}`,
        { "/etc/machine-id": "", ...files },
      );
      assertMatch(enabled, words, name);
    }
  },
);
