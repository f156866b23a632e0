import { type Files, PROGRAM, WANTS } from "../_tree.ts";
import { ETH0, interfaces, NETWORKD_PROGRAM, type Tree } from "./_trees.ts";

/** ifupdown, without a client. */
const ALONE: Files = {
  ...NETWORKD_PROGRAM,
  "/usr/sbin/ifup": PROGRAM,
  [`${WANTS}/networking.service`]: "-> x",
};
const IFUPDOWN: Files = { ...ALONE, "/usr/sbin/dhclient": PROGRAM };

/** Trees with ifupdown. */
export const IFUPDOWN_TREES: readonly Tree[] = [
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
      ...ALONE,
      ...interfaces(ETH0),
    },
    /^failure .* there is no dhclient, dhcpcd or udhcpc for ifupdown/,
  ],
];
