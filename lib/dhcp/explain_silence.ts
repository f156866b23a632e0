import type { Endpoint } from "../http/endpoint.ts";
import { isAnswer } from "../http/fault.ts";
import { CallError } from "../http/retry.ts";
import { findLeases } from "./find_leases.ts";
import { wireServerClue } from "./wireserver_clue.ts";

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
    !(error instanceof CallError) || error.fault.kind !== "network" ||
    isAnswer(error.fault) || hostname !== AZURES_WIRESERVER
  ) return error;
  const clue = wireServerClue(await findLeases(root), hostname);
  return new CallError(`${error.message}; ${clue}`, {
    key: error.key,
    fault: error.fault,
  });
}
