import { formatEndpoint } from "../http/endpoint.ts";
import type { CallFailure, TryResult } from "../http/failure.ts";
import { type CallContext, retry } from "../http/retry.ts";
import { buildHealthReportJson } from "./health_report.ts";
import { postReport } from "./post_report.ts";
import type { Health, WireServer } from "./wireserver.ts";

const TARGET = "/provisioning/health";

/** Options of {@linkcode reportByJson}. */
export interface ReportByJsonOptions {
  /** What to report. */
  readonly health: Health;
  /** Whether the platform may not have the endpoint, so that a 404 is its last word. */
  readonly optional: boolean;
}

/**
 * Reports the VM's health to `/provisioning/health`; only a 2xx answer is a success.
 *
 * @param wireserver The server.
 * @param options What to report.
 * @param context Until when to try.
 * @throws {CallError} If no report was accepted in time.
 */
export function reportByJson(
  wireserver: WireServer,
  { health, optional }: ReportByJsonOptions,
  context: CallContext,
): Promise<void> {
  return retry(async (signal): Promise<TryResult<void>> => {
    const result = await postReport(wireserver, {
      target: TARGET,
      headers: {
        "x-ms-guest-agent-name": wireserver.agentName,
        "Content-Type": "application/json",
      },
      body: buildHealthReportJson(health),
    }, { log: context.log, signal });
    return result.ok || !optional || !isNotFound(result.failure) ? result : {
      ok: false,
      failure: { kind: "final", message: result.failure.message },
    };
  }, {
    ...context,
    what: `report ${health.state} to ${
      formatEndpoint(wireserver.endpoint)
    }${TARGET}`,
    key: "health_report_refused",
  });
}

function isNotFound(failure: CallFailure): boolean {
  return failure.kind === "status" && failure.status === 404;
}
