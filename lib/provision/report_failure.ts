import { isAnswer } from "../http/fault.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { messageOf, type ProvisioningError } from "../provisioning_error.ts";
import type { GoalState } from "../wireserver/goal_state.ts";
import { reportHealth } from "../wireserver/report_health.ts";
import type { ProvisionOptions } from "./options.ts";

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

/**
 * Gives a report time, as what was done before may have used all of it up.
 *
 * @param context What calls share.
 * @returns The same, with a deadline that is not too near.
 */
export function withReserve(context: CallContext): CallContext {
  const earliest = context.clock.now() + REPORT_RESERVE_MS;
  return { ...context, deadline: Math.max(context.deadline, earliest) };
}

/**
 * Reports a failure as NotReady, if anything is there that takes the report; the
 * failure itself is what the run ends with, even if it cannot be reported.
 *
 * @param problem The failure.
 * @param goalState The goal state, if it is known.
 * @param options The platform.
 * @param context What calls share.
 * @returns Whether the platform took the report.
 */
export async function reportFailure(
  problem: ProvisioningError,
  goalState: GoalState | undefined,
  { wireserver, healthProtocol, log, signal }: ProvisionOptions,
  context: CallContext,
): Promise<boolean> {
  if (goalState === undefined) {
    if (healthProtocol === "xml" || !hasAnswered(problem)) return false;
    log.info("Reporting the failure as JSON, which needs no goal state");
  }
  const description = `${problem.key}: ${problem.message}`;
  try {
    await reportHealth(wireserver, {
      goalState,
      health: { state: "NotReady", description },
      protocol: healthProtocol,
    }, withReserve(context));
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    log.warn(messageOf(error));
    return false;
  }
}

/** Nothing that was silent to the end will take a report. */
function hasAnswered(problem: ProvisioningError): boolean {
  return !(problem instanceof CallError) || isAnswer(problem.fault);
}
