/** A DHCP client that has an address for this machine, and what telling it the name takes. */
export type DhcpClient =
  | {
    readonly kind: "systemd-networkd";
    /** Whether its unit says that a restart keeps what is configured, as all do since about 2019. */
    readonly keepsAddress: boolean;
  }
  | { readonly kind: "NetworkManager"; readonly device: string }
  | {
    readonly kind: "dhclient";
    readonly device: string;
    /** What it remembers of its leases: who it says it is, and which address it has. */
    readonly leases: string;
    /** Its settings. */
    readonly settings: string;
  }
  | {
    readonly kind: "dhcpcd";
    /** Its device; absent if it is told by a signal and has several. */
    readonly device?: string;
    /** Whether it takes the name with the request, or only from its own settings. */
    readonly takesName: boolean;
    /** Whether its settings have it tell a name. */
    readonly tellsName: boolean;
  }
  | { readonly kind: "udhcpc"; readonly device: string };

/**
 * Names a client and where it works, for messages.
 *
 * @param client The client.
 * @returns Such as `dhclient on eth0`.
 */
export function describe(client: DhcpClient): string {
  return client.kind === "systemd-networkd" || client.device === undefined
    ? client.kind
    : `${client.kind} on ${client.device}`;
}
