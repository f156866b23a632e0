import type { Clock } from "../clock.ts";
import {
  type CallFailure,
  exitCodeOf,
  isAnswer,
  isFinal,
  isReached,
  isUnsent,
  type TryResult,
} from "./failure.ts";
import { isCutShort, nextStep, tryTimeoutMs } from "./retry_policy.ts";
import {
  isSignedOnly,
  judgeRefusal,
  type ProxyAgent,
  signingRemedy,
} from "./proxy_agent.ts";
import { isQuiet, TryLog } from "./try_log.ts";
import type { Log } from "../log/create_log.ts";
import { heldLog } from "../log/held_log.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { timeLimit } from "../time_limit.ts";

/** What every call to the platform needs. */
export interface CallContext {
  /** The clock and random numbers. */
  readonly clock: Clock;
  /** When to give up: a time of the clock, in milliseconds. */
  readonly deadline: number;
  /** Where failed tries are logged. */
  readonly log: Log;
  /**
   * Sums up the tries of calls that run at the same time.
   *
   * @default {the call's own}
   */
  readonly tryLog?: TryLog;
  /**
   * How long before the deadline to give up if all answers were refusals, in milliseconds.
   * The caller needs that time to try another way.
   *
   * @default {0}
   */
  readonly refusedReserveMs?: number;
  /** Tells whether a refusal may pass. Without it, only the answer itself does. */
  readonly proxyAgent?: ProxyAgent;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every try, with the failure if it failed. */
  readonly onTry?: (tried: Tried, failure?: CallFailure) => void;
}

/**
 * Makes one try of a call.
 *
 * @typeParam T What it gets.
 */
export type Attempt<T> = (
  signal: AbortSignal,
  log: Log,
) => Promise<TryResult<T>>;

/** One try of a call. Times are the clock's, in milliseconds. */
export interface Tried {
  /** What the call does, such as `get the goal state`. */
  readonly what: string;
  /** The number of the try, from 1. */
  readonly tries: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly ok: boolean;
  /** The answer's HTTP status, if there was an answer. */
  readonly status?: number;
  /** Why it failed. */
  readonly why?: string;
}

/** Options of {@linkcode retry}. */
export interface RetryOptions extends CallContext {
  /** What the call does, in words that can follow "Cannot", such as `get the goal state`. */
  readonly what: string;
  /** The stable key of the error, such as `goal_state_unavailable`. */
  readonly key: string;
}

/** A call that failed for good. */
export class CallError extends ProvisioningError {
  /** Why the last try failed, or the last one that got a whole answer. */
  readonly failure: CallFailure;

  /**
   * @param message What failed, how often it was tried, and the remedy.
   * @param options The stable key, and the failure that tells most.
   */
  constructor(message: string, options: { key: string; failure: CallFailure }) {
    super(message, { key: options.key, exitCode: exitCodeOf(options.failure) });
    this.failure = options.failure;
  }
}

/**
 * Tries a call until it succeeds, can no longer succeed, or the deadline has come.
 *
 * Each try has its own time-out. {@linkcode TryLog} says which failed ones are logged.
 *
 * @param attempt Makes one try, until the signal is aborted. What it logs is only a detail
 * if it fails and is one of many.
 * @throws {CallError} If no try succeeds.
 */
export async function retry<T>(
  attempt: Attempt<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, log, signal, what, proxyAgent, refusedReserveMs = 0 } =
    options;
  const { tryLog = new TryLog(clock, log) } = options;
  const startedAt = clock.now();
  let deadline = options.deadline;
  let answer: CallFailure | undefined;
  let refusals = 0;
  let isExplained = false;
  let wasReached = false;
  // Tries that sent nothing count neither for the waits nor for the time-outs.
  let [unsent, allUnsent] = [0, 0];
  for (let tries = 1;; tries++) {
    signal?.throwIfAborted();
    const timeoutMs = tryTimeoutMs(
      tries - allUnsent,
      deadline - clock.now(),
      wasReached,
    );
    const startMs = clock.now();
    const held = isQuiet(tries) || unsent > 0 ? heldLog(log) : undefined;
    const result = await tryOnce(
      (signal) => attempt(signal, held ?? log),
      timeoutMs,
      signal,
    );
    if (result.ok) held?.release();
    else held?.demote();
    options.onTry?.({
      ...{ what, tries, startMs, endMs: clock.now(), ok: result.ok },
      ...answerOf(result),
    }, result.ok ? undefined : result.failure);
    if (result.ok) {
      tryLog.ended(what);
      return result.value;
    }
    signal?.throwIfAborted();
    const failure = judgeRefusal(result.failure, proxyAgent);
    answer = moreTelling(answer, failure);
    wasReached ||= isReached(failure);
    deadline = options.deadline -
      (answer?.kind === "status" ? refusedReserveMs : 0);
    if (isFinal(failure)) refusals++;
    if (isUnsent(failure)) {
      unsent++;
      allUnsent++;
    } else unsent = 0;
    const step = nextStep({
      failure,
      unsent,
      tries: tries - allUnsent,
      refusals,
      remainingMs: deadline - clock.now(),
      random: clock.random(),
    });
    if (step.kind === "stop") {
      tryLog.ended(what);
      // An answer says more than the silence that followed it.
      const telling = answer ?? failure;
      const last = isCutShort(timeoutMs) && clock.now() - startMs >= timeoutMs
        ? telling
        : failure;
      const seconds = ((clock.now() - startedAt) / 1000).toFixed(1);
      throw new CallError(
        `Cannot ${what}: ${last.message} (${tries} ${
          tries === 1 ? "try" : "tries"
        } in ${seconds} s, ${step.why}${
          telling === last ? "" : `; before: ${telling.message}`
        }); ${remedy(telling, proxyAgent)}`,
        {
          key: telling.kind === "data" ? telling.key : options.key,
          failure: telling,
        },
      );
    }
    // Said at once, and only once: the tries may last for twenty minutes.
    const message = isSignedOnly(failure) && !isExplained
      ? `${failure.message}; ${signingRemedy(failure, proxyAgent)}`
      : failure.message;
    isExplained ||= isSignedOnly(failure);
    const told = { ...failure, message };
    tryLog.failed({ what, tries, failure: told, delayMs: step.delayMs });
    await clock.sleep(step.delayMs, signal);
  }
}

async function tryOnce<T>(
  attempt: (signal: AbortSignal) => Promise<TryResult<T>>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<TryResult<T>> {
  using limit = timeLimit(timeoutMs, signal);
  return await attempt(limit.signal);
}

/** A whole answer says more than part of a later one, and part of one more than silence. */
function moreTelling(
  answer: CallFailure | undefined,
  failure: CallFailure,
): CallFailure | undefined {
  if (!isAnswer(failure)) return answer;
  return failure.kind === "network" ? answer ?? failure : failure;
}

function answerOf(result: TryResult<unknown>): Partial<Tried> {
  if (result.ok) {
    return result.status === undefined ? {} : { status: result.status };
  }
  const { failure } = result;
  return {
    why: failure.message,
    ...(failure.kind === "status" ? { status: failure.status } : {}),
  };
}

function remedy(
  failure: CallFailure,
  proxyAgent: ProxyAgent | undefined,
): string {
  switch (failure.kind) {
    case "network":
      return "check that the network is up, that the VM runs on Azure, and that no firewall or route hides the platform";
    case "local":
      return "check this machine's own limits: open files, memory, and ports";
    case "protocol":
    case "data":
      return "check that nothing answers in the platform's place";
    case "status":
      if (isSignedOnly(failure)) {
        return `check what the platform says; ${
          signingRemedy(failure, proxyAgent)
        }`;
      }
      // falls through
    case "final":
      return "check what the platform says, and the health of Azure";
    case "denied":
      return "use the addresses that the program was compiled for, or run it from source";
  }
}
