import { formatEndpoint } from "../http/endpoint.ts";
import type { CallFailure, TryResult } from "../http/failure.ts";
import { type CallContext, retry } from "../http/retry.ts";
import { buildHealthReportJson } from "./health_report.ts";
import { postReport } from "./post_report.ts";
import type { Health, WireServer } from "./wireserver.ts";

const TARGET = "/provisioning/health";

/** Options of {@linkcode reportByJson}. */
export interface ReportByJsonOptions {
  readonly health: Health;
  /** Whether the platform may lack the endpoint, so that no try can follow a 404. */
  readonly optional: boolean;
}

/**
 * Reports the VM's health as JSON, to `/provisioning/health`.
 *
 * @throws {CallError} If no report is accepted in time.
 */
export function reportByJson(
  wireserver: WireServer,
  { health, optional }: ReportByJsonOptions,
  context: CallContext,
): Promise<void> {
  return retry(async (signal, log): Promise<TryResult<void>> => {
    const result = await postReport(wireserver, {
      target: TARGET,
      headers: {
        "x-ms-guest-agent-name": wireserver.agentName,
        "Content-Type": "application/json",
      },
      body: buildHealthReportJson(health),
    }, { log, signal });
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
