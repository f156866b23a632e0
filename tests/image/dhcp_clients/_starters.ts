import { type Files, NETWORKD, PROGRAM, WANTS } from "../_tree.ts";
import {
  ASKS,
  ETH0,
  interfaces,
  NETWORKD_PROGRAM,
  type Tree,
} from "./_trees.ts";

const SCRIPT = "/etc/init.d/rcS";
const CONTAINERS: Files = {
  "/usr/lib/systemd/network/80-container-host0.network": "DHCP=yes\n",
};
const OPENRC_DHCPCD: Files = {
  "/sbin/openrc-run": PROGRAM,
  "/usr/sbin/dhcpcd": PROGRAM,
};

/** Trees in which an init, a script or a preset starts a client, and trees in which nothing does. */
export const STARTER_TREES: readonly Tree[] = [
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
    ...OPENRC_DHCPCD,
    "/etc/runlevels/default/dhcpcd": "-> /etc/init.d/dhcpcd",
  }, /^ok .* by \/etc\/runlevels\/default\/dhcpcd$/],
  ["netifrc", {
    ...OPENRC_DHCPCD,
    "/etc/runlevels/default/net.eth0": "-> /etc/init.d/net.lo",
  }, /^ok /],
  ["netifrc that is static", {
    ...OPENRC_DHCPCD,
    "/etc/runlevels/default/net.eth0": "-> x",
    "/etc/conf.d/net": 'config_eth0="10.0.0.4/24"\n',
  }, /^failure /],
  ["netifrc for lo", {
    ...OPENRC_DHCPCD,
    "/etc/runlevels/default/net.lo": "-> x",
  }, /^failure /],
  ["a service that is not known", {
    "/sbin/openrc-run": PROGRAM,
    "/usr/sbin/udhcpc": PROGRAM,
    "/etc/init.d/lan": "#!/sbin/openrc-run\nstart() { udhcpc -i eth0; }\n",
  }, /^warning .* only \/etc\/init\.d\/lan seems to start a DHCP client/],
  ["presets at a first boot", {
    "/lib/systemd/systemd": PROGRAM,
    ...NETWORKD,
    "/etc/machine-id": "uninitialized\n",
    [`${WANTS}/systemd-networkd.service`]: "-> /dev/null",
    "/lib/systemd/system/systemd-networkd.service":
      "[Install]\nWantedBy=network.target\n",
    "/lib/systemd/system-preset/90.preset":
      "enable systemd-networkd.*\ndisable *\n",
    ...ASKS,
  }, /^ok .* by \/(usr\/)?lib\/systemd\/system-preset\/90\.preset$/],
  [
    "idle",
    { ...NETWORKD, ...CONTAINERS, [SCRIPT]: "# udhcpc -i eth0\n" },
    /^failure dhcp_enabled: .*; remedy: write .*10-dhcp\.network/,
  ],
  [
    "none",
    { ...NETWORKD_PROGRAM },
    /^failure dhcp_enabled: nothing asks .*\(systemd-networkd, NetworkManager, .*, wicked\)/,
  ],
];
