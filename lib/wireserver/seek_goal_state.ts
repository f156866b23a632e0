import { type CallContext, CallError } from "../http/retry.ts";
import { fetchGoalState } from "./fetch_goal_state.ts";
import type { GoalState } from "./goal_state.ts";
import type { HealthProtocol } from "./health_protocol.ts";
import type { WireServer } from "./wireserver.ts";

/** What {@linkcode seekGoalState} finds. */
export type SoughtGoalState =
  | { readonly kind: "found"; readonly goalState: GoalState }
  /** The platform is there and refuses it; a report in JSON needs none. */
  | { readonly kind: "refused"; readonly error: CallError }
  /** It was not asked for, as JSON is the only way. */
  | { readonly kind: "not needed" };

/** Options of {@linkcode seekGoalState}. */
export interface SeekGoalStateOptions {
  /** How the health will be reported. */
  readonly protocol: HealthProtocol;
  /** What is left of the time for a report without a goal state, in milliseconds. */
  readonly reserveMs: number;
}

/**
 * Gets the goal state, where one is needed.
 *
 * Where JSON may be sent, a platform that answers with nothing but refusals keeps no
 * VM from being ready: that is its word on the goal state, not on the VM. What is
 * silent, or answers with what no WireServer sends, may not be the platform at all.
 *
 * @param wireserver The server.
 * @param options How the health will be reported.
 * @param context Until when to try.
 * @returns The goal state, or why the report can do without.
 * @throws {CallError} If there is none in time, and the report needs it.
 */
export async function seekGoalState(
  wireserver: WireServer,
  { protocol, reserveMs }: SeekGoalStateOptions,
  context: CallContext,
): Promise<SoughtGoalState> {
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
    if (!(error instanceof CallError) || error.fault.kind !== "status") {
      throw error;
    }
    return { kind: "refused", error };
  }
}

/**
 * The goal state, if there is one.
 *
 * @param sought What {@linkcode seekGoalState} found, if it found anything.
 * @returns The goal state.
 */
export function goalStateIn(
  sought: SoughtGoalState | undefined,
): GoalState | undefined {
  return sought?.kind === "found" ? sought.goalState : undefined;
}

async function found(goalState: Promise<GoalState>): Promise<SoughtGoalState> {
  return { kind: "found", goalState: await goalState };
}
