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
  readonly health: Health;
  readonly goalState: GoalState;
  /**
   * Whether to fetch the goal state again if the platform says that it is out of date
   * (410), or may mean that (400).
   */
  readonly refresh: boolean;
}

/**
 * Reports the VM's health as XML, to `/machine?comp=health`.
 *
 * @returns The goal state that the accepted report was built from.
 * @throws {CallError} If no report is accepted in time.
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
  return retry(async (signal, log): Promise<TryResult<GoalState>> => {
    if (outOfDate) {
      const result = await tryGoalState(wireserver, { log }, signal);
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
    }, { log, signal });
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
            `${failure.message}; the incarnation "${goalState.incarnation}" is out of date: leave out the ids to fetch the current ones`,
        },
      };
    }
    if (failure.status === 410) {
      log.info(
        `The goal state with the incarnation "${goalState.incarnation}" is out of date: fetching it again`,
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

/** 410 means an old incarnation. A platform may answer 400 to an old container. */
function isAboutIds(status: number): boolean {
  return status === 410 || status === 400;
}
