import { type ImageFile, type InitName, INITS } from "./_inits.ts";

/** How a root is made. */
export interface Recipe {
  /** The root's name. */
  readonly name: string;
  /** The Debian release. */
  readonly suite: "bookworm" | "trixie";
  /** The init that it boots with. */
  readonly init: InitName;
  /** Packages beside the essential ones and the init's. */
  readonly packages: readonly string[];
  /** Files beside the init's. */
  readonly files: readonly ImageFile[];
  /** Units of systemd to enable. */
  readonly enable?: readonly string[];
}

/** A root for every init, and for systemd one of the newest release. */
export const INIT_RECIPES: readonly Recipe[] = [
  recipe("systemd-bookworm", "systemd"),
  { ...recipe("systemd-trixie", "systemd"), suite: "trixie" },
  ...(Object.keys(INITS) as InitName[])
    .filter((init) => init !== "systemd")
    .map((init) => recipe(init, init)),
];

/** The root that tests of the program's behaviour, not of an init's, boot. */
export const PLAIN_RECIPE: Recipe = INIT_RECIPES[0]!;

/** A root where somebody logs in: with the programs that make users, an SSH server, sudo and doas. */
export const LOGIN_RECIPE: Recipe = {
  ...recipe("login", "systemd"),
  packages: [
    "passwd",
    "openssh-server",
    "openssh-client",
    "sudo",
    "doas",
    "libnss-extrausers",
    "mount",
  ],
};

/** The same of the newest release, with the sudo that is written in Rust. */
export const SUDO_RS_RECIPE: Recipe = {
  ...LOGIN_RECIPE,
  name: "login-sudo-rs",
  suite: "trixie",
  packages: ["passwd", "openssh-server", "openssh-client", "sudo-rs"],
};

/** The same with another init, whose SSH server starts by a script. */
export const SYSV_LOGIN_RECIPE: Recipe = {
  ...recipe("login-sysv", "sysv"),
  packages: ["passwd", "openssh-server", "openssh-client", "sudo"],
};

/** What ifupdown does with eth0. */
export function interfaces(eth0: string): ImageFile {
  return {
    path: "/etc/network/interfaces",
    text:
      `auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet ${eth0}\n`,
  };
}

/** It goes on trying, in the background. */
export const UDHCPC = "udhcpc -b -p /run/udhcpc.eth0.pid -i eth0";

/** systemd-networkd asks for an address. */
export const NETWORKD = {
  files: [{
    path: "/etc/systemd/network/eth0.network",
    text: "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n",
  }],
  enable: ["systemd-networkd.service"],
};

/** A root with what its init needs, to add to. */
export function recipe(name: string, init: InitName): Recipe {
  return { name, suite: "bookworm", init, packages: [], files: [] };
}

/**
 * The packages that a root is made of, beside the essential ones.
 *
 * @param recipe How it is made.
 * @returns Their names.
 */
export function packagesOf(recipe: Recipe): readonly string[] {
  return [...INITS[recipe.init].packages, ...recipe.packages];
}
