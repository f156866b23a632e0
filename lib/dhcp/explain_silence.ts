import { findLeases, type FoundLease } from "./find_leases.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { isAnswer } from "../http/failure.ts";
import { CallError } from "../http/retry.ts";
import { shorten } from "../shorten.ts";

/** Where WireServer is, on every Azure and every sovereign cloud. */
const AZURES_WIRESERVER = "168.63.129.16";

/**
 * Adds to an error what the DHCP leases tell, where WireServer's own address was
 * silent to the end.
 *
 * @param error What ended a call to WireServer.
 * @param endpoint What was called.
 * @param root See {@linkcode findLeases}; for tests.
 * @returns The error itself, or one that says more.
 */
export async function explainSilence(
  error: unknown,
  { hostname }: Endpoint,
  root?: string,
): Promise<unknown> {
  if (
    !(error instanceof CallError) || error.failure.kind !== "network" ||
    isAnswer(error.failure) || hostname !== AZURES_WIRESERVER
  ) return error;
  const clue = wireServerClue(await findLeases(root), hostname);
  return new CallError(`${error.message}; ${clue}`, {
    key: error.key,
    failure: error.failure,
  });
}

/**
 * Says what the DHCP leases tell about a WireServer that does not answer.
 *
 * Azure's DHCP server names WireServer in option 245. It is the fixed address
 * everywhere, and the compiled program may connect to no other, so that nobody who
 * can answer DHCP gets the VM's reports: another address is told, not used.
 *
 * @param leases The leases that were found.
 * @param host The address that does not answer.
 * @returns A clause for the end of a message.
 */
export function wireServerClue(
  leases: readonly FoundLease[],
  host: string,
): string {
  const named = leases.filter(({ address }) => address !== undefined);
  const other = named.find(({ address }) => address !== host);
  if (other !== undefined) {
    return `the DHCP server names another WireServer, ${other.address} (option 245 in "${
      shorten(other.path)
    }"), which this program does not use: find out whether that DHCP server is Azure's`;
  }
  if (named.length > 0) {
    return `the DHCP server names ${host}, too (option 245), so this looks like Azure and its WireServer is out of reach or down: look at routes and firewalls`;
  }
  return leases.length > 0
    ? "no DHCP lease of this machine names a WireServer (option 245), so this may not be Azure"
    : "no DHCP lease was found that could name a WireServer (option 245): look whether the machine got an address";
}
