import { describePath } from "./describe_path.ts";
import { isLoopback, parseIpv4 } from "./ipv4.ts";
import { readTables } from "./tables.ts";
import type { Host } from "../host/host.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { isSilence } from "../http/failure.ts";
import { CallError } from "../http/retry.ts";

/** What explaining takes. */
export interface ExplainPathOptions {
  /** The machine. */
  readonly host: Pick<Host, "run">;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds to the error of a call that nobody answered which network card and route were used,
 * or that there are none.
 *
 * @param error The error that ended the call.
 * @param endpoint The address that was called.
 * @returns The error itself, or one with a longer message.
 */
export async function explainPath(
  error: unknown,
  { hostname }: Endpoint,
  { host, signal }: ExplainPathOptions,
): Promise<unknown> {
  if (!(error instanceof CallError) || !isSilence(error.failure)) return error;
  const target = parseIpv4(hostname);
  if (target === undefined || isLoopback(target)) return error;
  const tables = await readTables(host, signal);
  if (tables === undefined) return error;
  const { key, failure } = error;
  const from = failure.kind === "network" ? failure.from : undefined;
  return new CallError(
    `${error.message}; ${describePath(target, tables, from)}`,
    { key, failure },
  );
}
