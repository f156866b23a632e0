import { type Background, startInBackground } from "../helpers/background.ts";
import { inNamespace, type Network } from "../helpers/network.ts";

/** Options of {@linkcode startDhcpServer}. */
export interface DhcpServerOptions {
  /**
   * Whether it is a DNS server, too, which knows the machines by the names that they
   * tell when they ask for an address.
   *
   * @default {false}
   */
  readonly dns?: boolean;
  /**
   * The network's first three bytes, such as `10.77.0`; the server has its address 1.
   *
   * @default {"10.77.0"}
   */
  readonly network?: string;
  /**
   * The last byte of the first of the fifty addresses that it gives.
   *
   * @default {50}
   */
  readonly first?: number;
  /**
   * Whether it gives what Azure's does: WireServer as name server, and routes to
   * WireServer and the metadata service.
   *
   * @default {false}
   */
  readonly likeAzure?: boolean;
  /** After how many seconds clients are to renew their leases; by default after half an hour. */
  readonly renewalS?: number;
}

/**
 * Starts a DHCP server beside the platform: dnsmasq, with a route and Azure's
 * option 245.
 *
 * @param options What else it does.
 * @returns The server; disposing of it kills it.
 */
export function startDhcpServer(
  { platform }: Pick<Network, "platform">,
  options: DhcpServerOptions = {},
): Background {
  const { dns = false, network = "10.77.0", first = 50, renewalS } = options;
  const router = `${network}.1`;
  const routes = ["0.0.0.0/0", "168.63.129.16/32", "169.254.169.254/32"]
    .map((route) => `${route},${router}`).join(",");
  return startInBackground(inNamespace(platform, [
    "dnsmasq",
    "--conf-file=/dev/null",
    "--keep-in-foreground",
    ...(dns ? ["--no-resolv", "--no-hosts"] : ["--port=0"]),
    "--interface=eth0",
    "--bind-dynamic",
    "--user=root",
    "--log-facility=-",
    "--log-dhcp",
    `--dhcp-range=${network}.${first},${network}.${
      first + 49
    },255.255.255.0,1h`,
    "--dhcp-authoritative",
    "--no-ping",
    "--leasefile-ro",
    `--dhcp-option=3,${router}`,
    ...(options.likeAzure === true
      ? ["--dhcp-option=6,168.63.129.16", `--dhcp-option=121,${routes}`]
      : []),
    ...(renewalS === undefined ? [] : [`--dhcp-option=58,${renewalS}`]),
    "--dhcp-option-force=245,a8:3f:81:10",
    "--pid-file=",
  ]));
}

/** How many addresses a server has given. */
export function addressesGiven(server: Background): number {
  return server.output.stderr.match(/DHCPACK/g)?.length ?? 0;
}
