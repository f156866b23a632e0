import { run, succeed } from "../helpers/command.ts";
import type { ImageFile } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";
import {
  interfaces,
  NETWORKD,
  type Recipe,
  recipe,
  UDHCPC,
} from "./_recipes.ts";

/** A DHCP client, and how machines use it; there is one for each client of `lib/dhcp/clients.ts`. */
export interface BootedClient {
  /** Its name in `lib/dhcp/clients.ts`. */
  readonly name: string;
  /** Its packages, beside systemd's. */
  readonly packages: readonly string[];
  /** The ways to run it whose new host name gets into DNS. */
  readonly ways: readonly DhcpClientWay[];
  /** A root where it waits for a network that comes late, if that is tried. */
  readonly late?: Recipe;
  /** Whether ifupdown holds up the boot of that root while the client tries for the first time. */
  readonly holdsUpBoot?: boolean;
}

/** A way to run a DHCP client. */
export interface DhcpClientWay {
  /** What tests call it. */
  readonly name: string;
  /** Its settings, and a unit where it comes without one. */
  readonly files: readonly ImageFile[];
  /** The unit that runs it. */
  readonly unit: string;
  /** Whether it can be notified but once. */
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

/** Every client. */
export const BOOTED_CLIENTS: readonly BootedClient[] = [
  {
    name: "systemd-networkd",
    packages: [],
    ways: [{
      name: "systemd-networkd",
      files: [{
        path: "/etc/systemd/network/eth0.network",
        text: "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n",
      }],
      unit: "systemd-networkd.service",
    }],
    late: { ...recipe("networkd", "systemd"), ...NETWORKD },
  },
  {
    name: "NetworkManager",
    packages: ["network-manager"],
    ways: [{
      name: "NetworkManager",
      files: [],
      unit: "NetworkManager.service",
    }],
    late: {
      ...recipe("network-manager", "systemd"),
      packages: ["network-manager"],
    },
  },
  {
    name: "dhclient",
    packages: ["isc-dhcp-client"],
    ways: [{
      name: "dhclient",
      // As ifupdown starts it.
      files: [unit(
        "dhclient -4 -i -pf /run/dhclient.eth0.pid -lf /var/lib/dhcp/dhclient.eth0.leases -I -df /var/lib/dhcp/dhclient6.eth0.leases eth0",
      )],
      unit: UNIT,
    }],
    late: {
      ...recipe("dhclient", "systemd"),
      packages: ["ifupdown", "isc-dhcp-client"],
      files: [interfaces("dhcp")],
    },
    holdsUpBoot: true,
  },
  {
    name: "dhcpcd",
    packages: ["dhcpcd-base"],
    ways: [{
      name: "dhcpcd for a device",
      files: [
        unit("dhcpcd --noarp --background eth0"),
        { path: "/etc/dhcpcd.conf", text: "hostname\n" },
      ],
      unit: UNIT,
    }, {
      name: "dhcpcd for all devices",
      // Without udev no device is announced. Like Debian's, its settings have it send no name.
      files: [
        unit("dhcpcd --noarp --background --nodev"),
        { path: "/etc/dhcpcd.conf", text: "option host_name\n" },
      ],
      unit: UNIT,
      // Debian 12's removes its socket after a request.
      once: true,
    }],
  },
  {
    name: "udhcpc",
    packages: ["udhcpc"],
    ways: [{
      name: "udhcpc",
      files: [SCRIPT, unit(`${UDHCPC} -s ${SCRIPT.path} -x hostname:image`)],
      unit: UNIT,
    }],
    late: {
      ...recipe("udhcpc", "systemd"),
      packages: ["ifupdown", "udhcpc"],
      // ifupdown's own "dhcp" lets udhcpc give up for ever after ten seconds.
      files: [interfaces(`manual\n  up ${UDHCPC}`)],
    },
    holdsUpBoot: true,
  },
];

/** Every way to run every client. */
export const DHCP_CLIENT_WAYS: readonly DhcpClientWay[] = BOOTED_CLIENTS
  .flatMap(({ ways }) => ways);

/** The roots of {@linkcode BootedClient.late}. */
export const DHCP_RECIPES: readonly Recipe[] = BOOTED_CLIENTS
  .flatMap(({ late }) => late ?? []);

/** A root that has every client; {@linkcode useClient} chooses one. */
export const DHCP_CLIENTS_RECIPE: Recipe = {
  ...recipe("dhcp-clients", "systemd"),
  packages: BOOTED_CLIENTS.flatMap(({ packages }) => packages).sort(),
};

/** The link goes up first, as udhcpc does not do it; dhcpcd needs settings of the kernel, which systemd-nspawn protects. */
function unit(command: string): ImageFile {
  return {
    path: `/etc/systemd/system/${UNIT}`,
    text: `[Unit]\nWants=network.target\nBefore=network.target\n` +
      `[Service]\nType=forking\nExecStartPre=/bin/mount -o remount,rw,bind /proc/sys\nExecStartPre=/sbin/ip link set eth0 up\nExecStart=/usr/sbin/${command}\n` +
      `[Install]\nWantedBy=multi-user.target\n`,
  };
}

/** Has the machine of a tree use one client, and no other. */
export async function useClient(
  tree: string,
  client: DhcpClientWay,
): Promise<void> {
  await putFiles(tree, client.files);
  const systemctl = (...args: string[]) => [`--root=${tree}`, ...args];
  for (const { unit } of DHCP_CLIENT_WAYS) {
    if (unit === client.unit || unit === UNIT) continue;
    await run("systemctl", systemctl("mask", unit));
  }
  for (const unit of ["dhcpcd", "NetworkManager-wait-online"]) {
    await run("systemctl", systemctl("mask", `${unit}.service`));
  }
  await succeed("systemctl", systemctl("enable", client.unit));
}
