import type { Clock } from "../clock.ts";
import {
  type CallFailure,
  exitCodeOf,
  isAnswer,
  isFinal,
  type TryResult,
} from "./failure.ts";
import { nextStep, tryTimeoutMs } from "./retry_policy.ts";
import type { Log } from "../log/create_log.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { timeLimit } from "../time_limit.ts";

/** What every call to the platform shares. */
export interface CallContext {
  /** Time and chance. */
  readonly clock: Clock;
  /** When to give up, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Where failed tries are written. */
  readonly log: Log;
  /**
   * How long before the deadline to give up where a refusal is all that has come, as
   * there is another way that needs the time, in milliseconds.
   *
   * @default {0}
   */
  readonly refusedReserveMs?: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every try, and what was wrong with one that failed. */
  readonly onTry?: (tried: Tried, failure?: CallFailure) => void;
}

/** A try of a call, and what came of it; times are the clock's, in milliseconds. */
export interface Tried {
  /** What the call does, such as `get the goal state`. */
  readonly what: string;
  /** Which try it was, from 1. */
  readonly tries: number;
  /** When it began. */
  readonly startMs: number;
  /** When it ended. */
  readonly endMs: number;
  /** Whether it succeeded. */
  readonly ok: boolean;
  /** The answer's HTTP status, if there was an answer. */
  readonly status?: number;
  /** Why it failed. */
  readonly why?: string;
}

/** Options of {@linkcode retry}. */
export interface RetryOptions extends CallContext {
  /** What the call does, to follow "Cannot", such as `get the goal state`. */
  readonly what: string;
  /** The stable name of the failure, such as `goal_state_unavailable`. */
  readonly key: string;
}

/** The failure of a call that was tried until it made no more sense. */
export class CallError extends ProvisioningError {
  /** Why the last try failed or, where that got no whole answer, the last one that did. */
  readonly failure: CallFailure;

  /**
   * Constructs a new instance.
   *
   * @param message What failed, how often it was tried, and what to do about it.
   * @param options The stable reason and the failure that tells most.
   */
  constructor(message: string, options: { key: string; failure: CallFailure }) {
    super(message, { key: options.key, exitCode: exitCodeOf(options.failure) });
    this.failure = options.failure;
  }
}

/**
 * Calls until it succeeds, it can no longer succeed, or the deadline has come.
 *
 * Each try has its own time-out, and a log line for each failed one says which,
 * why, and when the next is.
 *
 * @typeParam T What the call gives.
 * @param attempt One try; its signal ends it.
 * @param options What the call is, and until when to try.
 * @returns What the first try that succeeded gave.
 * @throws {CallError} If no try succeeded.
 */
export async function retry<T>(
  attempt: (signal: AbortSignal) => Promise<TryResult<T>>,
  options: RetryOptions,
): Promise<T> {
  const { clock, log, signal, what, refusedReserveMs = 0 } = options;
  const startedAt = clock.now();
  let deadline = options.deadline;
  let answer: CallFailure | undefined;
  let refusals = 0;
  for (let tries = 1;; tries++) {
    signal?.throwIfAborted();
    const timeoutMs = tryTimeoutMs(tries, deadline - clock.now());
    const startMs = clock.now();
    const result = await tryOnce(attempt, timeoutMs, signal);
    options.onTry?.({
      ...{ what, tries, startMs, endMs: clock.now(), ok: result.ok },
      ...answerOf(result),
    }, result.ok ? undefined : result.failure);
    if (result.ok) return result.value;
    signal?.throwIfAborted();
    const { failure } = result;
    answer = moreTelling(answer, failure);
    deadline = options.deadline -
      (answer?.kind === "status" ? refusedReserveMs : 0);
    if (isFinal(failure)) refusals++;
    const step = nextStep({
      failure,
      tries,
      refusals,
      remainingMs: deadline - clock.now(),
      random: clock.random(),
    });
    if (step.kind === "stop") {
      // That something answered says more than that it fell silent in the end.
      const telling = answer ?? failure;
      const seconds = ((clock.now() - startedAt) / 1000).toFixed(1);
      throw new CallError(
        `Cannot ${what}: ${failure.message} (${tries} ${
          tries === 1 ? "try" : "tries"
        } in ${seconds} s, ${step.why}${
          telling === failure ? "" : `; before: ${telling.message}`
        }); ${remedy(telling)}`,
        {
          key: telling.kind === "data" ? telling.key : options.key,
          failure: telling,
        },
      );
    }
    log.warn(
      `Try ${tries} to ${what} failed: ${failure.message}; next try in ${
        (step.delayMs / 1000).toFixed(1)
      } s`,
    );
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

/** A whole answer says more than the beginning of a later one, and that more than silence. */
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

/**
 * How a request is refused that is not signed, where the Metadata Security Protocol
 * is in force: by the guest proxy agent with 403, by the platform itself with either.
 */
const SIGNED_ONLY: ReadonlySet<number> = new Set([401, 403]);

function remedy(failure: CallFailure): string {
  switch (failure.kind) {
    case "network":
      return "check that the network is up, that the VM runs on Azure, and that no firewall or route hides the platform";
    case "local":
      return "check this machine's own limits: open files, memory, and ports";
    case "protocol":
    case "data":
      return "check that nothing answers in the platform's place";
    case "status":
      if (SIGNED_ONLY.has(failure.status)) {
        return "check what the platform says; if the VM was created with the Metadata Security Protocol, the platform takes only what its guest proxy agent signs: put azure-proxy-agent into the image and have it up first, or create the VM without";
      }
      // falls through
    case "final":
      return "check what the platform says, and the health of Azure";
    case "denied":
      return "use the addresses that the program was compiled for, or run it from source";
  }
}
