import { run, succeed } from "../helpers/command.ts";
import type { ImageFile } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";

/** A DHCP client, and what makes a machine use it. */
export interface DhcpClientCase {
  /** Its name. */
  readonly name: string;
  /** Its settings, and a unit where it comes without one. */
  readonly files: readonly ImageFile[];
  /** The unit that runs it. */
  readonly unit: string;
  /** Whether it can be told but once. */
  readonly once?: boolean;
}

const UNIT = "boot-test-dhcp.service";

const SCRIPT: ImageFile = {
  path: "/usr/local/lib/boot-test/udhcpc",
  mode: 0o755,
  // What ifupdown's own does, but for DNS.
  text: `#!/bin/sh
case $1 in
bound | renew)
  ip addr replace "$ip/24" broadcast "$broadcast" dev "$interface"
  ip route replace default via "$router" dev "$interface"
  ;;
esac
`,
};

/** Every client, dhcpcd in both its ways: a process for a device, and one for all. */
export const DHCP_CLIENTS: readonly DhcpClientCase[] = [
  {
    name: "systemd-networkd",
    files: [{
      path: "/etc/systemd/network/eth0.network",
      text: "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n",
    }],
    unit: "systemd-networkd.service",
  },
  { name: "NetworkManager", files: [], unit: "NetworkManager.service" },
  {
    name: "dhclient",
    // As ifupdown starts it.
    files: [unit(
      "dhclient -4 -i -pf /run/dhclient.eth0.pid -lf /var/lib/dhcp/dhclient.eth0.leases -I -df /var/lib/dhcp/dhclient6.eth0.leases eth0",
    )],
    unit: UNIT,
  },
  {
    name: "dhcpcd for a device",
    files: [
      unit("dhcpcd --noarp --background eth0"),
      { path: "/etc/dhcpcd.conf", text: "hostname\n" },
    ],
    unit: UNIT,
  },
  {
    name: "dhcpcd for all devices",
    // Without udev no device is announced. Its settings tell no name, as Debian's.
    files: [
      unit("dhcpcd --noarp --background --nodev"),
      { path: "/etc/dhcpcd.conf", text: "option host_name\n" },
    ],
    unit: UNIT,
    // Debian 12's removes its socket after a request.
    once: true,
  },
  {
    name: "udhcpc",
    files: [
      SCRIPT,
      unit(
        `udhcpc -b -p /run/udhcpc.eth0.pid -i eth0 -s ${SCRIPT.path} -x hostname:image`,
      ),
    ],
    unit: UNIT,
  },
];

/** The link goes up first, as udhcpc does not do it; dhcpcd needs settings of the kernel, which systemd-nspawn protects. */
function unit(command: string): ImageFile {
  return {
    path: `/etc/systemd/system/${UNIT}`,
    text: `[Unit]\nWants=network.target\nBefore=network.target\n` +
      `[Service]\nType=forking\nExecStartPre=/bin/mount -o remount,rw,bind /proc/sys\nExecStartPre=/sbin/ip link set eth0 up\nExecStart=/usr/sbin/${command}\n` +
      `[Install]\nWantedBy=multi-user.target\n`,
  };
}

/**
 * Has a machine use one client, and no other.
 *
 * @param tree The machine's tree.
 * @param client The client.
 */
export async function useClient(
  tree: string,
  client: DhcpClientCase,
): Promise<void> {
  await putFiles(tree, client.files);
  const systemctl = (...args: string[]) => [`--root=${tree}`, ...args];
  for (const { unit } of DHCP_CLIENTS) {
    if (unit === client.unit || unit === UNIT) continue;
    await run("systemctl", systemctl("mask", unit));
  }
  for (const unit of ["dhcpcd", "NetworkManager-wait-online"]) {
    await run("systemctl", systemctl("mask", `${unit}.service`));
  }
  await succeed("systemctl", systemctl("enable", client.unit));
}
