import { exchange } from "../http/exchange.ts";
import { statusFailure, statusLine, type TryResult } from "../http/failure.ts";
import { isSuccess, isSuccessStatus } from "../http/message.ts";
import type { CallContext } from "../http/retry.ts";
import type { WireServer } from "./wireserver.ts";

/** The largest answer to a health report that is read, in bytes; a success has none. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A health report, ready to be sent. */
export interface Report {
  /** The path, and what follows it. */
  readonly target: string;
  /** Its headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The report itself. */
  readonly body: string;
}

/**
 * Posts a health report, once; any 2xx is a success, whatever its body holds.
 *
 * @param wireserver The server.
 * @param report What to post.
 * @param context The journal, and the signal that ends the try.
 * @returns Success, or why not.
 */
export async function postReport(
  { endpoint }: WireServer,
  report: Report,
  { log, signal }: Pick<CallContext, "log"> & { readonly signal: AbortSignal },
): Promise<TryResult<void>> {
  log.info("Sending the following data to Wireserver:");
  log.info(report.body);
  const result = await exchange({ method: "POST", ...report }, {
    endpoint,
    signal,
    maxBodyBytes: MAX_ANSWER_BYTES,
    statusIsEnough: isSuccessStatus,
  });
  if (!result.ok) return result;
  log.info(`Response: ${statusLine(result.value)}`);
  return isSuccess(result.value)
    ? { ok: true, value: undefined, status: result.value.status }
    : { ok: false, failure: statusFailure(result.value) };
}
