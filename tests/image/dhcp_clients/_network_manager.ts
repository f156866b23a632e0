import { type Files, NETWORKD, PROGRAM, WANTS } from "../_tree.ts";
import { interfaces, type Tree } from "./_trees.ts";

const MANAGER: Files = {
  "/usr/sbin/NetworkManager": PROGRAM,
  [`${WANTS}/NetworkManager.service`]: "-> x",
};
const nm = (path: string, text: string) => ({
  [`/etc/NetworkManager/${path}`]: text,
});

/** Trees with NetworkManager. */
export const NETWORK_MANAGER_TREES: readonly Tree[] = [
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
];
