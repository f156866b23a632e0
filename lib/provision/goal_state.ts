import { explainSilence } from "../dhcp/explain_silence.ts";
import { isSilence } from "../http/failure.ts";
import type { CallContext } from "../http/retry.ts";
import type { ProvisionOptions } from "./options.ts";
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
 * Asks for the goal state, and logs what comes of it.
 *
 * @param options The platform, and how the health will be reported.
 * @param context What calls share.
 * @param onSilence Called if nobody answers the first try; its end is waited for.
 * @returns The goal state, or why the report can do without.
 * @throws {CallError} If there is none in time, and the report needs it.
 * @throws The reason of the context's signal, once that is aborted.
 */
export async function askForGoalState(
  { wireserver, healthProtocol, timeoutMs, log }: ProvisionOptions,
  context: CallContext,
  onSilence?: OnSilence,
): Promise<GoalStateResult> {
  const watch = watched(context, onSilence);
  let sought: GoalStateResult;
  try {
    sought = await fetchGoalStateResult(wireserver, {
      protocol: healthProtocol,
      reserveMs: Math.min(timeoutMs * REFUSED_SHARE, MAX_REFUSED_RESERVE_MS),
    }, watch.context);
  } catch (error) {
    throw await explainSilence(error, wireserver.endpoint);
  } finally {
    await watch.end();
  }
  // The answer may be there already when the run is left: it came too late.
  context.signal?.throwIfAborted();
  if (sought.kind === "found") {
    const { containerId, instanceId, incarnation } = sought.goalState;
    log.info(`ContainerId: ${containerId}`);
    log.info(`InstanceId: ${instanceId}`);
    log.info(`Incarnation: ${incarnation}`);
  }
  if (sought.kind === "refused") {
    log.warn(
      `${sought.error.message}; going on without it, as a report in JSON needs none`,
    );
  }
  return sought;
}

/**
 * Says for the record what came of asking for the goal state.
 *
 * @param sought What came of it.
 * @returns How it went.
 */
export function phaseOfGoalState(sought: GoalStateResult): PhaseResult {
  switch (sought.kind) {
    case "found":
      return { outcome: "done" };
    case "refused":
      return { outcome: "warned", what: sought.error.key };
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
