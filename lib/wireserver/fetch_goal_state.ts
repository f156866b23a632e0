import { formatEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import { statusFailure, type TryResult } from "../http/failure.ts";
import { type HttpRequest, isSuccess, responseText } from "../http/message.ts";
import { type CallContext, CallError, retry } from "../http/retry.ts";
import { messageOf } from "../provisioning_error.ts";
import {
  type GoalState,
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "./goal_state.ts";
import {
  type HealthProtocol,
  PROTOCOL_VERSION,
  type WireServer,
} from "./wireserver.ts";

const GOAL_STATE_REQUEST: HttpRequest = {
  method: "GET",
  target: "/machine?comp=goalstate",
  headers: { "x-ms-version": PROTOCOL_VERSION },
};

/**
 * Gets the goal state as text: the body of the first successful answer.
 *
 * @throws {CallError} If there is none in time.
 */
export function fetchGoalStateText(
  wireserver: WireServer,
  context: CallContext,
): Promise<string> {
  return retry(
    (signal, log) => tryGoalStateText(wireserver, { log }, signal),
    goalStateCall(wireserver, context),
  );
}

/**
 * Gets the goal state.
 *
 * An incomplete goal state counts as a failed try: while a platform sets up the VM, it
 * answers without a role instance.
 *
 * @throws {CallError} If there is none in time.
 */
export function fetchGoalState(
  wireserver: WireServer,
  context: CallContext,
): Promise<GoalState> {
  return retry(
    (signal, log) => tryGoalState(wireserver, { log }, signal),
    goalStateCall(wireserver, context),
  );
}

/** What came of asking for the goal state. */
export type GoalStateResult =
  | { readonly kind: "found"; readonly goalState: GoalState }
  /** The platform refused it. A report as JSON does without. */
  | { readonly kind: "refused"; readonly error: CallError }
  /** It was not requested, since only JSON is allowed. */
  | { readonly kind: "not needed" };

/** Options of {@linkcode fetchGoalStateResult}. */
export interface FetchGoalStateResultOptions {
  /** How the health will be reported. */
  readonly protocol: HealthProtocol;
  /** The time to leave for a report without a goal state, in milliseconds. */
  readonly reserveMs: number;
}

/**
 * Gets the goal state, if the report needs one.
 *
 * If JSON is allowed, refusals do not keep the VM from being ready: they concern the goal
 * state, not the VM. A server that is silent, or sends what WireServer never sends, may not
 * be the platform at all.
 *
 * @throws {CallError} If there is none in time, and the report needs it.
 */
export async function fetchGoalStateResult(
  wireserver: WireServer,
  { protocol, reserveMs }: FetchGoalStateResultOptions,
  context: CallContext,
): Promise<GoalStateResult> {
  switch (protocol) {
    case "json":
      return { kind: "not needed" };
    case "xml":
      return await found(fetchGoalState(wireserver, context));
    case "auto":
      break;
  }
  try {
    return await found(
      fetchGoalState(wireserver, { ...context, refusedReserveMs: reserveMs }),
    );
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof CallError) || error.failure.kind !== "status") {
      throw error;
    }
    return { kind: "refused", error };
  }
}

/** The goal state of a result, if it has one. */
export function goalStateIn(
  result: GoalStateResult | undefined,
): GoalState | undefined {
  return result?.kind === "found" ? result.goalState : undefined;
}

async function found(goalState: Promise<GoalState>): Promise<GoalStateResult> {
  return { kind: "found", goalState: await goalState };
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
  { log }: Pick<CallContext, "log">,
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
    return { ok: false, failure: statusFailure(response) };
  }
  try {
    return { ok: true, value: responseText(response), status: response.status };
  } catch (error) {
    return unusable(messageOf(error), "goal_state_invalid");
  }
}

/** Asks for the goal state once. */
export async function tryGoalState(
  wireserver: WireServer,
  context: Pick<CallContext, "log">,
  signal: AbortSignal,
): Promise<TryResult<GoalState>> {
  const result = await tryGoalStateText(wireserver, context, signal);
  if (!result.ok) return result;
  try {
    return { ...result, value: parseGoalState(result.value) };
  } catch (error) {
    if (!(error instanceof GoalStateError)) throw error;
    return unusable(error.message, error.key);
  }
}

function unusable(message: string, key: string): TryResult<never> {
  return { ok: false, failure: { kind: "data", message, key } };
}
