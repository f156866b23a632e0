import { isAnswer } from "../http/fault.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { messageOf, type ProvisioningError } from "../provisioning_error.ts";
import type { GoalState } from "../wireserver/goal_state.ts";
import { reportHealth } from "../wireserver/report_health.ts";
import {
  goalStateIn,
  type SoughtGoalState,
} from "../wireserver/seek_goal_state.ts";
import type { ProvisionOptions } from "./options.ts";

/** How the outcome of a first boot is reported. */
export type ReportOutcomeOptions = Pick<
  ProvisionOptions,
  "wireserver" | "healthProtocol"
>;

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

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
  { wireserver, healthProtocol }: ReportOutcomeOptions,
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

/**
 * Reports why the VM is not ready, if anything may be there that takes it; that it
 * cannot be reported is only logged.
 *
 * @param problem Why.
 * @param sought What came of asking for the goal state; `undefined` if that is the problem.
 * @param options How to report.
 * @param context Until when to try; a report gets 2.25 seconds however late it is.
 * @returns Whether the platform took the report.
 */
export async function reportFailure(
  problem: ProvisioningError,
  sought: SoughtGoalState | undefined,
  { wireserver, healthProtocol }: ReportOutcomeOptions,
  context: CallContext,
): Promise<boolean> {
  if (sought === undefined) {
    if (healthProtocol === "xml" || !hasAnswered(problem)) return false;
    context.log.info(
      "Reporting the failure as JSON, which needs no goal state",
    );
  }
  const description = `${problem.key}: ${problem.message}`;
  try {
    await reportHealth(wireserver, {
      goalState: goalStateIn(sought),
      health: { state: "NotReady", description },
      protocol: healthProtocol,
    }, withReserve(context));
    return true;
  } catch (error) {
    context.signal?.throwIfAborted();
    context.log.warn(messageOf(error));
    return false;
  }
}

/** What was done before may have used the time up; a report is tried all the same. */
function withReserve(context: CallContext): CallContext {
  const earliest = context.clock.now() + REPORT_RESERVE_MS;
  return { ...context, deadline: Math.max(context.deadline, earliest) };
}

/** Nothing that was silent to the end will take a report. */
function hasAnswered(problem: ProvisioningError): boolean {
  return !(problem instanceof CallError) || isAnswer(problem.fault);
}
