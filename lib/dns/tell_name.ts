import { isFolder } from "../files/is_folder.ts";
import { describe } from "./dhcp_client.ts";
import { findClients } from "../dhcp/clients.ts";
import { readClues } from "../dhcp/client_files.ts";
import { tellClient, type TellClientOptions } from "./tell_client.ts";

/** Options of {@linkcode tellName}. */
export type TellNameOptions = Omit<TellClientOptions, "hasSystemd">;

/** What telling the name gave. */
export interface Told {
  /** The clients that know it, such as `NetworkManager on eth0`. */
  readonly told: readonly string[];
  /** What went wrong with the others. */
  readonly problems: readonly string[];
}

/**
 * Tells every DHCP client of the machine its new name, so that the server, and by it
 * DNS, learns it. No address is given up for it.
 *
 * @param name The name that the host has now.
 * @param options The machine.
 * @returns Which clients were told; none, and no problem, if there is no client.
 */
export async function tellName(
  name: string,
  options: TellNameOptions,
): Promise<Told> {
  const root = options.root ?? "";
  // It is there exactly while systemd is the init.
  const hasSystemd = isFolder(`${root}/run/systemd/system`);
  const told: string[] = [];
  const problems: string[] = [];
  for (const client of findClients(readClues(root))) {
    const problem = await tellClient(client, name, { ...options, hasSystemd });
    if (problem === undefined) told.push(describe(client));
    else problems.push(`${describe(client)}: ${problem}`);
  }
  return { told, problems };
}
