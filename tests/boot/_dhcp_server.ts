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
}

/**
 * Starts a DHCP server beside the platform: dnsmasq, with a route and Azure's
 * option 245.
 *
 * @param options What else it does.
 * @returns The server; disposing of it kills it.
 */
export function startDhcpServer(
  network: Network,
  { dns = false }: DhcpServerOptions = {},
): Background {
  return startInBackground(inNamespace(network.platform, [
    "dnsmasq",
    "--conf-file=/dev/null",
    "--keep-in-foreground",
    ...(dns ? ["--no-resolv", "--no-hosts"] : ["--port=0"]),
    "--interface=eth0",
    "--bind-dynamic",
    "--user=root",
    "--log-facility=-",
    "--log-dhcp",
    "--dhcp-range=10.77.0.50,10.77.0.99,255.255.255.0,1h",
    "--dhcp-authoritative",
    "--no-ping",
    "--leasefile-ro",
    "--dhcp-option=3,10.77.0.1",
    "--dhcp-option-force=245,a8:3f:81:10",
    "--pid-file=",
  ]));
}
