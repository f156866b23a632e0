import { exchange } from "../http/exchange.ts";
import { type Endpoint, formatEndpoint } from "../http/endpoint.ts";
import { statusFault, statusLine, type TryResult } from "../http/fault.ts";
import {
  type HttpRequest,
  isSuccess,
  isSuccessStatus,
} from "../http/message.ts";
import { responseText } from "../http/response_text.ts";
import { type CallContext, retry } from "../http/retry.ts";
import { messageOf } from "../provisioning_error.ts";
import {
  type GoalState,
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "./goal_state.ts";
import { buildHealthReport, type Health } from "./health_report.ts";

/** The protocol version of WireServer that is spoken. */
const PROTOCOL_VERSION = "2012-11-30";

const GOAL_STATE_REQUEST: HttpRequest = {
  method: "GET",
  target: "/machine?comp=goalstate",
  headers: { "x-ms-version": PROTOCOL_VERSION },
};

/** The largest answer to a health report that is read, in bytes; a success has none. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A WireServer, and as whom to talk to it. */
export interface WireServer {
  /** Where it is. */
  readonly endpoint: Endpoint;
  /** The name in the `x-ms-agent-name` header of a health report. */
  readonly agentName: string;
}

/**
 * Gets the goal state as text, whatever it holds.
 *
 * @param wireserver The server.
 * @param context Until when to try.
 * @returns The body of the first successful answer.
 * @throws {CallError} If there is none in time.
 */
export function fetchGoalStateText(
  wireserver: WireServer,
  context: CallContext,
): Promise<string> {
  return retry(
    (signal) => tryGoalStateText(wireserver, context, signal),
    goalStateCall(wireserver, context),
  );
}

/**
 * Gets the goal state.
 *
 * An answer that is not a whole goal state counts as a failed try: a platform
 * that still sets up the VM answers without a role instance.
 *
 * @param wireserver The server.
 * @param context Until when to try.
 * @returns The first goal state that can be used.
 * @throws {CallError} If there is none in time.
 */
export function fetchGoalState(
  wireserver: WireServer,
  context: CallContext,
): Promise<GoalState> {
  return retry(
    (signal) => tryGoalState(wireserver, context, signal),
    goalStateCall(wireserver, context),
  );
}

/** Options of {@linkcode reportHealth}. */
export interface ReportHealthOptions {
  /** What to report. */
  readonly health: Health;
  /** The goal state's ids. */
  readonly goalState: GoalState;
  /**
   * Whether a newer goal state is fetched when the platform says that this one is
   * out of date (410).
   *
   * @default {true}
   */
  readonly refresh?: boolean;
}

/**
 * Reports the VM's health; only a 2xx answer is a success.
 *
 * @param wireserver The server.
 * @param options What to report.
 * @param context Until when to try.
 * @returns The goal state that the accepted report was built from.
 * @throws {CallError} If no report was accepted in time.
 * @throws {ProvisioningError} If the ids are too long for a report.
 */
export function reportHealth(
  wireserver: WireServer,
  options: ReportHealthOptions,
  context: CallContext,
): Promise<GoalState> {
  const { health, refresh = true } = options;
  let goalState = options.goalState;
  let outOfDate = false;
  return retry(async (signal): Promise<TryResult<GoalState>> => {
    if (outOfDate) {
      const result = await tryGoalState(wireserver, context, signal);
      if (!result.ok) return result;
      goalState = result.value;
      outOfDate = false;
    }
    const report = buildHealthReport(goalState, health);
    const result = await tryReport(wireserver, report, context, signal);
    if (result.ok) return { ok: true, value: goalState };
    const { fault } = result;
    if (fault.kind === "status" && fault.status === 410) {
      if (!refresh) {
        return {
          ok: false,
          fault: {
            kind: "final",
            message:
              `${fault.message}; the incarnation "${goalState.incarnation}" is out of date: leave the ids out to have the current ones fetched`,
          },
        };
      }
      context.log.info(
        `The goal state with the incarnation "${goalState.incarnation}" is out of date, it will be fetched again`,
      );
      outOfDate = true;
    }
    return result;
  }, {
    ...context,
    what: `report ${health.state} to ${formatEndpoint(wireserver.endpoint)}`,
    key: "health_report_refused",
  });
}

function goalStateCall({ endpoint }: WireServer, context: CallContext) {
  return {
    ...context,
    what: `get the goal state from ${formatEndpoint(endpoint)}`,
    key: "goal_state_unavailable",
  } as const;
}

async function tryGoalStateText(
  { endpoint }: WireServer,
  { log }: CallContext,
  signal: AbortSignal,
): Promise<TryResult<string>> {
  log.info("Retrieving goal state from the Wireserver");
  const result = await exchange(GOAL_STATE_REQUEST, {
    endpoint,
    signal,
    maxBodyBytes: MAX_GOAL_STATE_BYTES,
  });
  if (!result.ok) return result;
  const response = result.value;
  if (!isSuccess(response)) {
    return { ok: false, fault: statusFault(response, Date.now()) };
  }
  try {
    return { ok: true, value: responseText(response) };
  } catch (error) {
    return unusable(messageOf(error), "goal_state_invalid");
  }
}

async function tryGoalState(
  wireserver: WireServer,
  context: CallContext,
  signal: AbortSignal,
): Promise<TryResult<GoalState>> {
  const result = await tryGoalStateText(wireserver, context, signal);
  if (!result.ok) return result;
  try {
    return { ok: true, value: parseGoalState(result.value) };
  } catch (error) {
    if (!(error instanceof GoalStateError)) throw error;
    return unusable(error.message, error.key);
  }
}

async function tryReport(
  { endpoint, agentName }: WireServer,
  report: string,
  { log }: CallContext,
  signal: AbortSignal,
): Promise<TryResult<void>> {
  log.info("Sending the following data to Wireserver:");
  log.info(report);
  const result = await exchange({
    method: "POST",
    target: "/machine?comp=health",
    headers: {
      "x-ms-version": PROTOCOL_VERSION,
      "x-ms-agent-name": agentName,
      "Content-Type": "text/xml;charset=utf-8",
    },
    body: report,
  }, {
    endpoint,
    signal,
    maxBodyBytes: MAX_ANSWER_BYTES,
    ignoreBody: isSuccessStatus,
  });
  if (!result.ok) return result;
  log.info(`Response: ${statusLine(result.value)}`);
  return isSuccess(result.value)
    ? { ok: true, value: undefined }
    : { ok: false, fault: statusFault(result.value, Date.now()) };
}

function unusable(message: string, key: string): TryResult<never> {
  return { ok: false, fault: { kind: "data", message, key } };
}
