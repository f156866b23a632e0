import { explainSilence } from "../dhcp/explain_silence.ts";
import { systemHost } from "../host/host.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { explainPath } from "../network/explain_path.ts";
import type { WireServer } from "../wireserver/wireserver.ts";

/**
 * Waits for a call to WireServer. If nothing answered it, the error also says which network
 * card was used, and what the DHCP leases know about WireServer.
 *
 * @throws {CallError} If the call fails.
 */
export async function explained<T>(
  call: Promise<T>,
  { endpoint }: WireServer,
): Promise<T> {
  try {
    return await withPath(call, endpoint);
  } catch (error) {
    throw await explainSilence(error, endpoint);
  }
}

/**
 * Waits for a call to the platform. If nothing answered it, the error also says which
 * network card was used.
 *
 * @throws {CallError} If the call fails.
 */
export async function withPath<T>(
  call: Promise<T>,
  endpoint: Endpoint,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw await explainPath(error, endpoint, { host: systemHost });
  }
}
