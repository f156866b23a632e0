/**
 * Leases that Debian 12's clients wrote when a dnsmasq gave them option 245 with
 * 10.1.2.3: systemd-networkd 252, isc-dhcp-client 4.4.3, NetworkManager 1.42 and
 * dhcpcd 9.4.
 *
 * @module
 */

const FOLDER = new URL("leases/", import.meta.url);

/** Reads a lease as text. */
export function textOf(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, FOLDER));
}

/** Reads a lease as it is. */
export function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(name, FOLDER));
}
