import type { DhcpClient } from "./client.ts";
import { dhclient } from "./clients/dhclient.ts";
import { dhcpcd } from "./clients/dhcpcd.ts";
import { networkManager } from "./clients/network_manager.ts";
import { systemdNetworkd } from "./clients/systemd_networkd.ts";
import { udhcpc } from "./clients/udhcpc.ts";

/**
 * The DHCP clients that this program knows, in the order in which they are notified: a
 * new one is a file in `clients/` and a row here. `image/dhcp_clients.sh` has the
 * shell's side.
 */
export const DHCP_CLIENTS: readonly DhcpClient[] = [
  systemdNetworkd,
  networkManager,
  dhclient,
  dhcpcd,
  udhcpc,
];
