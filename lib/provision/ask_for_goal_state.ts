import { isSilence } from "../http/failure.ts";
import type { CallContext } from "../http/retry.ts";
import type { Run } from "./run.ts";
import type { Log } from "../log/create_log.ts";
import { explainWireServer } from "./explain.ts";
import type { PhaseResult } from "../record/recorder.ts";
import {
  fetchGoalStateResult,
  type GoalStateResult,
} from "../wireserver/fetch_goal_state.ts";

/** The part of the time-out that is left for Ready where the goal state is refused. */
const REFUSED_SHARE = 1 / 10;

/** The most of it, in milliseconds: the platform may yet come round. */
const MAX_REFUSED_RESERVE_MS = 30_000;

/**
 * Does something beside the calls while nobody answers them.
 *
 * @param silence Aborted when somebody does, or the goal state is no longer asked for.
 */
export type OnSilence = (silence: AbortSignal) => Promise<void>;

/**
 * Asks for the goal state, and logs its ids.
 *
 * @param run The run, and how it will report the health.
 * @param onSilence Called if nothing answers the first try; its end is waited for.
 * @returns The goal state, or why the report needs none.
 * @throws {CallError} If there is none in time, and the report needs it.
 * @throws The reason of the run's signal, once that is aborted.
 */
export function askForGoalState(
  { options, calls, recorder }: Run,
  onSilence?: OnSilence,
): Promise<GoalStateResult> {
  const { wireserver, healthProtocol, timeoutMs, host, log } = options;
  return recorder.phase("goal-state", async () => {
    const watch = watched(calls, onSilence);
    let result: GoalStateResult;
    try {
      result = await fetchGoalStateResult(wireserver, {
        protocol: healthProtocol,
        reserveMs: Math.min(timeoutMs * REFUSED_SHARE, MAX_REFUSED_RESERVE_MS),
      }, watch.context);
    } catch (error) {
      const { signal } = calls;
      throw await explainWireServer(error, wireserver.endpoint, {
        host,
        signal,
      });
    } finally {
      await watch.end();
    }
    // The answer may be there already when the run is left: it came too late.
    calls.signal.throwIfAborted();
    logResult(result, log);
    return result;
  }, phaseOf);
}

function logResult(result: GoalStateResult, log: Log): void {
  switch (result.kind) {
    case "found": {
      const { containerId, instanceId, incarnation } = result.goalState;
      log.info(`ContainerId: ${containerId}`);
      log.info(`InstanceId: ${instanceId}`);
      log.info(`Incarnation: ${incarnation}`);
      break;
    }
    case "refused":
      log.warn(
        `${result.error.message}; going on without it, as a report in JSON needs none`,
      );
  }
}

function phaseOf(result: GoalStateResult): PhaseResult {
  switch (result.kind) {
    case "found":
      return { outcome: "done" };
    case "refused":
      return { outcome: "warned", what: result.error.key };
    case "not needed":
      return { outcome: "skipped", what: "a report in JSON needs none" };
  }
}

function watched(
  context: CallContext,
  onSilence: OnSilence | undefined,
): { readonly context: CallContext; end(): Promise<void> | undefined } {
  let silence: AbortController | undefined;
  let work: Promise<void> | undefined;
  return {
    context: {
      ...context,
      onTry(tried, failure) {
        context.onTry?.(tried, failure);
        // A try that the caller stops tells nothing.
        if (!isSilence(failure) || context.signal?.aborted) silence?.abort();
        else if (tried.tries === 1 && onSilence !== undefined) {
          silence = new AbortController();
          work = onSilence(silence.signal);
        }
      },
    },
    end() {
      silence?.abort();
      return work;
    },
  };
}
