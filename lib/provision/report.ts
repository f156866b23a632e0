import { escapeUnprintable } from "../escape_unprintable.ts";
import { isAnswer } from "../http/fault.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { messageOf, type ProvisioningError } from "../provisioning_error.ts";
import type { Recorder } from "../record/recorder.ts";
import { reportHealth } from "../wireserver/report_health.ts";
import {
  goalStateIn,
  type SoughtGoalState,
} from "../wireserver/seek_goal_state.ts";
import type { Metadata } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";
import { withReserve } from "./report_reserve.ts";
import { tellHostOfFailure } from "./tell_host_of_failure.ts";

/** What is known of a run that failed. */
export interface FailedRun {
  /** What came of asking for the goal state; `undefined` if that is the problem. */
  readonly sought: SoughtGoalState | undefined;
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
  sought: SoughtGoalState | undefined,
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
  return !(problem instanceof CallError) || isAnswer(problem.fault);
}
