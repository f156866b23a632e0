import { NETWORKD } from "../_tree.ts";
import { ASKS, network, NETWORKD_PROGRAM, type Tree } from "./_trees.ts";

/** Trees with systemd-networkd. */
export const NETWORKD_TREES: readonly Tree[] = [
  [
    "networkd",
    {
      ...NETWORKD,
      ...ASKS,
    },
    /^ok .* by \S+\/systemd-networkd\.service$/,
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
      ...ASKS,
      "/etc/systemd/system/systemd-networkd.service": "-> /dev/null",
    },
    /^failure .* no DHCP client is enabled/,
  ],
  [
    "networkd at a target that nothing starts",
    {
      ...NETWORKD_PROGRAM,
      "/etc/systemd/system/rescue.target.wants/systemd-networkd.service":
        "-> x",
      ...ASKS,
    },
    /^failure .* no DHCP client is enabled/,
  ],
  [
    "networkd by a socket",
    {
      ...NETWORKD_PROGRAM,
      "/etc/systemd/system/sockets.target.wants/systemd-networkd.socket":
        "-> x",
      ...ASKS,
    },
    /^ok .*\/systemd-networkd\.socket$/,
  ],
];
