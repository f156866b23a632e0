import type { CallContext } from "../http/retry.ts";
import { messageOf } from "../provisioning_error.ts";
import type { GoalState } from "../wireserver/goal_state.ts";
import { reportHealth } from "../wireserver/report_health.ts";
import {
  goalStateIn,
  type SoughtGoalState,
} from "../wireserver/seek_goal_state.ts";
import type { ProvisionOptions } from "./options.ts";
import { withReserve } from "./report_reserve.ts";

/**
 * Reports Ready, with the goal state or, where the platform refused that, without.
 *
 * Nothing more may be reported where this fails: a Ready whose answer was lost may
 * have been taken.
 *
 * @param sought What came of asking for the goal state.
 * @param options How to report.
 * @param context Until when to try; a report gets 2.25 seconds however late it is.
 * @returns The goal state that the report was built from, if it was.
 * @throws {ProvisioningError} If Ready was not taken; where there was no goal state,
 * that is the reason.
 */
export async function reportReady(
  sought: SoughtGoalState,
  { wireserver, healthProtocol }: Pick<
    ProvisionOptions,
    "wireserver" | "healthProtocol"
  >,
  context: CallContext,
): Promise<GoalState | undefined> {
  try {
    return await reportHealth(wireserver, {
      goalState: goalStateIn(sought),
      health: { state: "Ready" },
      protocol: healthProtocol,
    }, withReserve(context));
  } catch (error) {
    context.signal?.throwIfAborted();
    if (sought.kind !== "refused") throw error;
    context.log.warn(messageOf(error));
    throw sought.error;
  }
}
