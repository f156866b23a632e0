import { exchange } from "../http/exchange.ts";
import { statusFailure, type TryResult } from "../http/failure.ts";
import { isSuccess, isSuccessStatus, statusLine } from "../http/message.ts";
import type { CallContext } from "../http/retry.ts";
import type { WireServer } from "./wireserver.ts";

/** The largest answer to a health report that is read, in bytes. A success has no body. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A health report, ready to send. */
export interface Report {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts a health report once. Any 2xx answer is a success, whatever its body. */
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
