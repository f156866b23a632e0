import { type Files, PROGRAM, WANTS } from "../_tree.ts";
import type { Tree } from "./_trees.ts";

const DHCPCD: Files = {
  "/usr/sbin/dhcpcd": PROGRAM,
  [`${WANTS}/dhcpcd.service`]: "-> x",
};
const DHCPCD_UNIT: Files = {
  "/etc/wpa_supplicant": undefined,
  "/lib/systemd/system/dhcpcd.service":
    "[Service]\nProtectSystem=strict\nReadWritePaths=/run/dhcpcd /etc/wpa_supplicant -/etc/x /etc/resolv.conf\n",
};
const CONNMAN: Files = {
  "/usr/sbin/connmand": PROGRAM,
  [`${WANTS}/connman.service`]: "-> x",
};
const WICKED: Files = {
  "/usr/sbin/wickedd": PROGRAM,
  [`${WANTS}/wicked.service`]: "-> x",
};

/** Trees with dhcpcd, ConnMan or wicked. */
export const DAEMON_TREES: readonly Tree[] = [
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
    ...WICKED,
    "/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
  }, /^ok /],
  ["wicked without a file", {
    ...WICKED,
  }, /^failure /],
];
