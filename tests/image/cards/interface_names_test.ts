import { assert, assertEquals } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { makeTree, NETWORKD } from "../_tree.ts";
import { checkOf, MAC, NAMED } from "./_cards.ts";

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
      const it = await checkOf(shell, root, "interface_names");
      assertEquals(it.status, "warning");
      for (const [path, , names] of files) {
        assert(it.message.includes(`${root}${path} (${names})`), it.message);
      }
    }
    await makeTree(`${folder}/serves`, Object.fromEntries(SERVES));
    const it = await checkOf(shell, `${folder}/serves`, "interface_names");
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
        ...NETWORKD,
        "/etc/systemd/network/a.network":
          `[Match]\n${match}\n[Network]\nDHCP=yes\n`,
      });
      const it = await checkOf(shell, root, "dhcp_enabled");
      assert(it.status !== "ok", it.message);
    }
  },
);
