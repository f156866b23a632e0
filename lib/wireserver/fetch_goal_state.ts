import { exchange } from "../http/exchange.ts";
import { formatEndpoint } from "../http/endpoint.ts";
import { statusFault, type TryResult } from "../http/fault.ts";
import { type HttpRequest, isSuccess } from "../http/message.ts";
import { responseText } from "../http/response_text.ts";
import { type CallContext, retry } from "../http/retry.ts";
import { messageOf } from "../provisioning_error.ts";
import {
  type GoalState,
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "./goal_state.ts";
import { PROTOCOL_VERSION, type WireServer } from "./wireserver.ts";

const GOAL_STATE_REQUEST: HttpRequest = {
  method: "GET",
  target: "/machine?comp=goalstate",
  headers: { "x-ms-version": PROTOCOL_VERSION },
};

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
  return explained(
    wireserver,
    retry(
      (signal) => tryGoalStateText(wireserver, context, signal),
      goalStateCall(wireserver, context),
    ),
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
  return explained(
    wireserver,
    retry(
      (signal) => tryGoalState(wireserver, context, signal),
      goalStateCall(wireserver, context),
    ),
  );
}

/** Whoever has to find out why WireServer is silent learns what DHCP says about it. */
async function explained<T>(
  { endpoint }: WireServer,
  call: Promise<T>,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { explainSilence } = await import("../dhcp/explain_silence.ts");
    throw await explainSilence(error, endpoint);
  }
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
    return { ok: false, fault: statusFault(response) };
  }
  try {
    return { ok: true, value: responseText(response), status: response.status };
  } catch (error) {
    return unusable(messageOf(error), "goal_state_invalid");
  }
}

/**
 * Asks for the goal state, once.
 *
 * @param wireserver The server.
 * @param context The journal.
 * @param signal Ends the try.
 * @returns The goal state, or why there is none.
 */
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
  return { ok: false, fault: { kind: "data", message, key } };
}
