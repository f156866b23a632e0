import { escapeUnprintable } from "../escape_unprintable.ts";
import { isAnswer } from "../http/failure.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { type Metadata, vmIdOf } from "../imds/metadata.ts";
import { explain } from "./explain.ts";
import {
  asProvisioningError,
  messageOf,
  type ProvisioningError,
} from "../provisioning_error.ts";
import type { RunOnce } from "../state/run_once.ts";
import {
  goalStateIn,
  type GoalStateResult,
} from "../wireserver/fetch_goal_state.ts";
import type { GoalState } from "../wireserver/goal_state.ts";
import { reportHealth } from "../wireserver/report_health.ts";
import type { Run } from "./run.ts";

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

/** The requests to the platform; the answers may not have come yet. */
export interface Requests {
  /** The goal state. */
  readonly goalState: Promise<GoalStateResult>;
  /** The metadata. */
  readonly metadata: Promise<Metadata>;
}

/**
 * Reports Ready, with the goal state or, where the platform refuses that, without.
 *
 * On failure no NotReady follows: a Ready whose answer was lost may have been taken.
 *
 * @param run The run; later than its deadline the report still gets 2.25 seconds.
 * @returns The goal state that the report was built from, if it was.
 * @throws {ProvisioningError} If Ready was not taken. If the goal state was refused, that
 * is the reason given.
 */
export async function reportReady(
  requests: Requests,
  run: Run,
): Promise<GoalState | undefined> {
  const { wireserver, healthProtocol } = run.options;
  const goalState = await requests.goalState;
  try {
    return await run.recorder.phase("report", async () => {
      try {
        return await reportHealth(wireserver, {
          goalState: goalStateIn(goalState),
          health: { state: "Ready" },
          protocol: healthProtocol,
        }, withReserve(run.calls));
      } catch (error) {
        const { calls: { signal }, options: { host } } = run;
        signal.throwIfAborted();
        if (goalState.kind !== "refused") {
          throw await explain(error, wireserver.endpoint, { host, signal });
        }
        run.calls.log.warn(messageOf(error));
        throw goalState.error;
      }
    }, () => ({ outcome: "done", what: "Ready" }));
  } catch (error) {
    run.calls.signal.throwIfAborted();
    await notifyParts(asProvisioningError(error), requests, run);
    throw error;
  }
}

/**
 * Does what has to succeed before Ready, and reports a failure to the host and the
 * platform, as far as anything takes it.
 *
 * @typeParam T What the work returns.
 * @param once Says whether the VM may be ready already: it is then not reported as failed.
 * @param run The run; later than its deadline the report still gets 2.25 seconds.
 * @throws What the work throws.
 */
export async function orReportFailure<T>(
  requests: Requests,
  once: Pick<RunOnce, "mayBeReady">,
  run: Run,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    run.calls.signal.throwIfAborted();
    if (once.mayBeReady) {
      run.calls.log.info("A VM that may be ready is not reported as a failure");
    } else {
      await reportFailure(asProvisioningError(error), requests, run);
    }
    throw error;
  }
}

async function reportFailure(
  problem: ProvisioningError,
  requests: Requests,
  run: Run,
): Promise<void> {
  const { recorder } = run;
  await notifyParts(problem, requests, run);
  const isTaken = await recorder.phase(
    "report",
    () => reportNotReady(problem, requests, run),
    (isTaken) =>
      isTaken
        ? { outcome: "done", what: "NotReady" }
        : { outcome: "skipped", what: "the platform took no report" },
  );
  if (isTaken) recorder.note({ health: "NotReady" });
}

async function reportNotReady(
  problem: ProvisioningError,
  requests: Requests,
  { options: { wireserver, healthProtocol }, calls }: Run,
): Promise<boolean> {
  const goalState = await requests.goalState.catch(() => undefined);
  if (goalState === undefined) {
    if (healthProtocol === "xml" || !hasAnswered(problem)) return false;
    calls.log.info("Reporting the failure as JSON, which needs no goal state");
  }
  const description = escapeUnprintable(`${problem.key}: ${problem.message}`);
  try {
    await reportHealth(wireserver, {
      goalState: goalStateIn(goalState),
      health: { state: "NotReady", description },
      protocol: healthProtocol,
    }, withReserve(calls));
    return true;
  } catch (error) {
    calls.signal.throwIfAborted();
    calls.log.warn(messageOf(error));
    return false;
  }
}

/** Nothing that was silent to the end will take a report. */
function hasAnswered(problem: ProvisioningError): boolean {
  return !(problem instanceof CallError) || isAnswer(problem.failure);
}

/** The metadata is not waited for. */
async function notifyParts(
  problem: ProvisioningError,
  { metadata }: Requests,
  { options: { parts, selection }, calls, recorder }: Run,
): Promise<void> {
  const known = await Promise.race([metadata, Promise.resolve(undefined)]);
  const { clock, log, signal } = calls;
  const vmId = vmIdOf(known);
  const { phases } = recorder;
  for (const { name, onFailure } of parts) {
    if (!selection.has(name)) continue;
    await onFailure?.({ problem, vmId, phases, clock, log, signal });
  }
}

/** What came before may have used up the time, and a report is tried all the same. */
function withReserve(calls: CallContext): CallContext {
  const earliest = calls.clock.now() + REPORT_RESERVE_MS;
  return { ...calls, deadline: Math.max(calls.deadline, earliest) };
}
