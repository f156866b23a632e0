import { type DhcpClient, REQUEST_MS } from "../client.ts";
import { textsIn } from "../machine_files.ts";
import { addressFrom, inText } from "../option_245.ts";

/** Files that describe each device, named by the interfaces' numbers. */
const DEVICES = "/run/NetworkManager/devices";

/** Files named `internal-CONNECTION-DEVICE.lease`. */
const LEASES = "/var/lib/NetworkManager";

/**
 * NetworkManager, with its own DHCP client. The name holds until the next boot.
 *
 * Other ways fail with Debian 12's: `nmcli device reapply` sends nothing, and `nmcli
 * connection up` removes the address.
 */
export const networkManager: DhcpClient = {
  name: "NetworkManager",
  programs: ["nmcli"],
  outsideSandbox: false,
  // The files in LEASES lack option 245.
  leaseFiles: [{
    folder: DEVICES,
    names: /^\d+$/,
    wireServerIn: inText(parseDevice),
  }],
  findRunning: (files) =>
    textsIn(files, DEVICES)
      .filter(({ text }) => /^dhcp4\.|^\[dhcp4\]/m.test(text))
      .flatMap(({ text }) => devicesOf(text, files.names(LEASES)))
      .map((device) => ({
        device,
        planNotify: (hostName) => ({
          kind: "plan",
          notify: {
            program: "nmcli",
            args: ["device", "modify", device, "ipv4.dhcp-hostname", hostName],
            timeoutMs: REQUEST_MS,
          },
        }),
      })),
};

/** A device's file has the connection's id but not the device's name; a lease's name has both. */
function devicesOf(device: string, leases: readonly string[]): string[] {
  const id = /^connection-uuid=([\w-]+)\s*$/m.exec(device)?.[1];
  if (id === undefined) return [];
  return leases.flatMap((name) => {
    const start = name.indexOf(`-${id}-`);
    return start < 0 || !name.endsWith(".lease")
      ? []
      : [name.slice(start + id.length + 2, -".lease".length)];
  });
}

/** The line is like `dhcp4.private_245=a8:3f:81:10`. */
function parseDevice(device: string): string | undefined {
  const [, hex] = /^dhcp4\.private_245=([\da-f:]+)$/im.exec(device) ?? [];
  return addressFrom(hex?.split(":"));
}
