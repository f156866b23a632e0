/** A file: its name, without folders, and its text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What the clients have written of themselves, by which they are told apart. */
export interface Clues {
  /** The names in `/run/systemd/netif/leases`: systemd-networkd's, by the interfaces' numbers. */
  readonly networkdLeases: readonly string[];
  /** The unit of systemd-networkd; empty if there is none. */
  readonly networkdUnit: string;
  /** `/run/NetworkManager/devices`: what NetworkManager says of each interface. */
  readonly networkManagerDevices: readonly NamedText[];
  /** The names in `/var/lib/NetworkManager`, which has the leases. */
  readonly networkManagerFiles: readonly string[];
  /** The names in `/run`, which has the files with the clients' process ids. */
  readonly runFiles: readonly string[];
  /** The names in `/run/dhcpcd`. */
  readonly dhcpcdFiles: readonly string[];
  /** The names in `/var/lib/dhcpcd`, which has its leases. */
  readonly dhcpcdLeases: readonly string[];
  /** The settings of dhcpcd; empty if there are none. */
  readonly dhcpcdSettings: string;
  /** The settings of dhclient; empty if there are none. */
  readonly dhclientSettings: string;
  /** The leases of dhclient. */
  readonly dhclientLeases: readonly NamedText[];
}
