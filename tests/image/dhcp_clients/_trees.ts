import { type Files, PROGRAM } from "../_tree.ts";

/** A tree: its name, its files, and what is said of what asks for an address in it. */
export type Tree = readonly [name: string, files: Files, words: RegExp];

/** systemd-networkd, installed. */
export const NETWORKD_PROGRAM: Files = {
  "/lib/systemd/systemd-networkd": PROGRAM,
};

/**
 * Makes a file of systemd-networkd's.
 *
 * @param name Its name, without `.network`.
 */
export function network(name: string, text: string): Files {
  return { [`/etc/systemd/network/${name}.network`]: text };
}

/** A file of systemd-networkd's that asks for an address. */
export const ASKS: Files = network(
  "a",
  "[Match]\nName=eth0\n[Network]\nDHCP=yes\n",
);

/** ifupdown's file, with a card that asks for an address. */
export const ETH0 = "auto eth0\niface eth0 inet dhcp\n";

/** Makes ifupdown's file. */
export function interfaces(text: string): Files {
  return { "/etc/network/interfaces": text };
}
