import { escapeUnprintable } from "../escape_unprintable.ts";
import { isAnswer } from "../http/failure.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import type { Metadata } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";
import { tellHostOfFailure } from "./tell_host_of_failure.ts";
import { messageOf, type ProvisioningError } from "../provisioning_error.ts";
import type { Recorder } from "../record/recorder.ts";
import {
  goalStateIn,
  type GoalStateResult,
} from "../wireserver/fetch_goal_state.ts";
import type { GoalState } from "../wireserver/goal_state.ts";
import { reportHealth } from "../wireserver/report_health.ts";

/** What is known of a run that failed. */
export interface FailedRun {
  /** What came of asking for the goal state; `undefined` if that is the problem. */
  readonly sought: GoalStateResult | undefined;
  /** The metadata, which may not have come yet. */
  readonly metadata: Promise<Metadata>;
  /** Keeps that it was reported. */
  readonly recorder: Recorder;
}

/**
 * Tells the host and the platform why the VM is not ready, as far as anything takes
 * it; that something does not is only logged.
 *
 * @param problem Why.
 * @param run What is known of the run.
 * @param options The machine, and how to report.
 * @param context Until when to try; a report gets 2.25 seconds however late it is.
 */
export async function reportFailure(
  problem: ProvisioningError,
  { sought, metadata, recorder }: FailedRun,
  options: ProvisionOptions,
  context: CallContext,
): Promise<void> {
  await tellHostOfFailure(problem, metadata, options, recorder.phases);
  const isTaken = await recorder.phase(
    "report",
    () => reportNotReady(problem, sought, options, context),
    (isTaken) =>
      isTaken
        ? { outcome: "done", what: "NotReady" }
        : { outcome: "skipped", what: "nothing takes it" },
  );
  if (isTaken) recorder.note({ health: "NotReady" });
}

async function reportNotReady(
  problem: ProvisioningError,
  sought: GoalStateResult | undefined,
  { wireserver, healthProtocol }: ProvisionOptions,
  context: CallContext,
): Promise<boolean> {
  if (sought === undefined) {
    if (healthProtocol === "xml" || !hasAnswered(problem)) return false;
    context.log.info(
      "Reporting the failure as JSON, which needs no goal state",
    );
  }
  const description = escapeUnprintable(`${problem.key}: ${problem.message}`);
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

/** Nothing that was silent to the end will take a report. */
function hasAnswered(problem: ProvisioningError): boolean {
  return !(problem instanceof CallError) || isAnswer(problem.failure);
}

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
  sought: GoalStateResult,
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

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

/**
 * Gives a report some time of its own: what was done before may have used the run's
 * up, and a report is tried all the same.
 *
 * @param context What calls share.
 * @returns The same, with a deadline that is at least 2.25 seconds away.
 */
export function withReserve(context: CallContext): CallContext {
  const earliest = context.clock.now() + REPORT_RESERVE_MS;
  return { ...context, deadline: Math.max(context.deadline, earliest) };
}
