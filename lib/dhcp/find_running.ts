import type { DhcpClient, RunningClient } from "./client.ts";
import { DHCP_CLIENTS } from "./clients.ts";
import type { MachineFiles } from "./machine_files.ts";

/** The most clients that are returned; no usual VM has more interfaces at its first boot. */
const MAX_CLIENTS = 8;

/** A name that an interface can have, and that no program takes for an option. */
const DEVICE = /^[A-Za-z0-9_][\w.:@-]{0,14}$/;

/** A client that was started in this boot, and what messages call it. */
export interface FoundClient extends RunningClient {
  /** Its name, and its device if it has one: `NAME on eth0`. */
  readonly label: string;
  readonly outsideSandbox: DhcpClient["outsideSandbox"];
}

/**
 * Finds the DHCP clients that were started in this boot, by the files that they write.
 *
 * @returns None on a machine whose address is fixed.
 */
export function findRunning(
  files: MachineFiles,
  clients: readonly DhcpClient[] = DHCP_CLIENTS,
): FoundClient[] {
  return clients.flatMap((client) =>
    client.findRunning(files)
      .filter(({ device }) => device === undefined || DEVICE.test(device))
      .map((running) => ({
        ...running,
        label: running.device === undefined
          ? client.name
          : `${client.name} on ${running.device}`,
        outsideSandbox: client.outsideSandbox,
      }))
  ).slice(0, MAX_CLIENTS);
}
