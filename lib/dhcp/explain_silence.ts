import type { DhcpClient } from "./client.ts";
import { findLeases, type FoundLease } from "./find_leases.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { isAnswer } from "../http/failure.ts";
import { CallError } from "../http/retry.ts";
import { shorten } from "../shorten.ts";

/** WireServer's address on every Azure and every sovereign cloud. */
const WIRESERVER_OF_AZURE = "168.63.129.16";

/**
 * Adds what the DHCP leases say to the error of a call to WireServer, if nobody
 * answered at its real address.
 *
 * @param error The error that ended the call.
 * @param endpoint The address that was called.
 * @param root See {@linkcode findLeases}.
 * @param clients See {@linkcode findLeases}.
 * @returns The error itself, or one with a longer message.
 */
export async function explainSilence(
  error: unknown,
  { hostname }: Endpoint,
  root?: string,
  clients?: readonly DhcpClient[],
): Promise<unknown> {
  if (
    !(error instanceof CallError) || error.failure.kind !== "network" ||
    isAnswer(error.failure) || hostname !== WIRESERVER_OF_AZURE
  ) return error;
  const leases = await findLeases(root, clients);
  return new CallError(`${error.message}; ${explain(leases, hostname)}`, {
    key: error.key,
    failure: error.failure,
  });
}

/**
 * Azure's DHCP server names WireServer in option 245. The address is the same
 * everywhere, and the compiled program may connect to no other, so that nobody who can
 * answer DHCP gets the VM's reports: another address is reported, not used.
 */
function explain(leases: readonly FoundLease[], host: string): string {
  const named = leases.filter(({ address }) => address !== undefined);
  const other = named.find(({ address }) => address !== host);
  if (other !== undefined) {
    return `the DHCP server names another WireServer, ${other.address} (option 245 in "${
      shorten(other.path)
    }"), which this program does not use: check whether that DHCP server is Azure's`;
  }
  if (named.length > 0) {
    return `the DHCP server names ${host} as well (option 245), so this looks like Azure, and WireServer is down or out of reach: check routes and firewalls`;
  }
  return leases.length > 0
    ? "no DHCP lease of this machine names a WireServer (option 245), so this may not be Azure"
    : "no DHCP lease was found that could name a WireServer (option 245): check whether the machine got an address";
}
