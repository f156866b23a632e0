/**
 * Explains why a call to the platform got no answer. What finds that out is loaded only
 * then: hardly any boot needs it.
 *
 * @module
 */

import type { Endpoint } from "../http/endpoint.ts";
import { CallError } from "../http/retry.ts";
import type { ExplainPathOptions } from "../network/explain_path.ts";

/**
 * Adds to the error of a call that nobody answered which network card and route were used.
 *
 * @param error The error that ended the call.
 * @param endpoint The address that was called.
 * @returns The error itself, or one with a longer message.
 */
export async function explain(
  error: unknown,
  endpoint: Endpoint,
  options: ExplainPathOptions,
): Promise<unknown> {
  if (!(error instanceof CallError)) return error;
  const { explainPath } = await import("./when_silent.ts");
  return await explainPath(error, endpoint, options);
}

/**
 * Does the same for a call to WireServer, and also adds what the DHCP leases say of it.
 */
export async function explainWireServer(
  error: unknown,
  endpoint: Endpoint,
  options: ExplainPathOptions,
): Promise<unknown> {
  if (!(error instanceof CallError)) return error;
  const { explainSilence } = await import("./when_silent.ts");
  return await explainSilence(
    await explain(error, endpoint, options),
    endpoint,
  );
}
