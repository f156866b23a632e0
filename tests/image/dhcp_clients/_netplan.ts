import { type Files, NETWORKD, PROGRAM } from "../_tree.ts";
import { NETWORKD_PROGRAM, type Tree } from "./_trees.ts";

const ETH0_YAML = "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n";
const NETPLAN: Files = {
  ...NETWORKD_PROGRAM,
  "/usr/lib/systemd/system-generators/netplan": PROGRAM,
  "/etc/netplan/a.yaml": ETH0_YAML,
};

/** Trees with netplan. */
export const NETPLAN_TREES: readonly Tree[] = [
  [
    "netplan",
    {
      ...NETWORKD,
      "/etc/netplan/a.yaml": ETH0_YAML,
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
      ...NETWORKD_PROGRAM,
      "/etc/netplan/a.yaml": ETH0_YAML,
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
];
