import { formatEndpoint } from "../http/endpoint.ts";
import type { TryResult } from "../http/failure.ts";
import { type CallContext, retry } from "../http/retry.ts";
import { tryGoalState } from "./fetch_goal_state.ts";
import type { GoalState } from "./goal_state.ts";
import { buildHealthReport } from "./health_report.ts";
import { postReport } from "./post_report.ts";
import {
  type Health,
  PROTOCOL_VERSION,
  type WireServer,
} from "./wireserver.ts";

/** Options of {@linkcode reportByXml}. */
export interface ReportByXmlOptions {
  /** What to report. */
  readonly health: Health;
  /** The goal state's ids. */
  readonly goalState: GoalState;
  /**
   * Whether the goal state is fetched again when the platform says that this one is
   * out of date (410), or may mean that (400).
   */
  readonly refresh: boolean;
}

/**
 * Reports the VM's health to `/machine?comp=health`; only a 2xx answer is a success.
 *
 * @param wireserver The server.
 * @param options What to report.
 * @param context Until when to try.
 * @returns The goal state that the accepted report was built from.
 * @throws {CallError} If no report was accepted in time.
 * @throws {ProvisioningError} If the ids are too long for a report.
 */
export function reportByXml(
  wireserver: WireServer,
  options: ReportByXmlOptions,
  context: CallContext,
): Promise<GoalState> {
  const { health, refresh } = options;
  let goalState = options.goalState;
  let outOfDate = false;
  return retry(async (signal): Promise<TryResult<GoalState>> => {
    if (outOfDate) {
      const result = await tryGoalState(wireserver, context, signal);
      if (!result.ok) return result;
      goalState = result.value;
      outOfDate = false;
    }
    const result = await postReport(wireserver, {
      target: "/machine?comp=health",
      headers: {
        "x-ms-version": PROTOCOL_VERSION,
        "x-ms-agent-name": wireserver.agentName,
        "Content-Type": "text/xml;charset=utf-8",
      },
      body: buildHealthReport(goalState, health),
    }, { log: context.log, signal });
    if (result.ok) return { ...result, value: goalState };
    const { failure } = result;
    if (failure.kind !== "status" || !isAboutIds(failure.status)) return result;
    if (!refresh) {
      if (failure.status !== 410) return result;
      return {
        ok: false,
        failure: {
          kind: "final",
          message:
            `${failure.message}; the incarnation "${goalState.incarnation}" is out of date: leave the ids out to have the current ones fetched`,
        },
      };
    }
    if (failure.status === 410) {
      context.log.info(
        `The goal state with the incarnation "${goalState.incarnation}" is out of date, it will be fetched again`,
      );
    }
    outOfDate = true;
    return result;
  }, {
    ...context,
    what: `report ${health.state} to ${formatEndpoint(wireserver.endpoint)}`,
    key: "health_report_refused",
  });
}

/** 410 is for an old incarnation; an old container may be a mistake (400) to the platform. */
function isAboutIds(status: number): boolean {
  return status === 410 || status === 400;
}
