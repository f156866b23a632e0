import { type CallFailure, isFinal } from "./failure.ts";

/** What is known when a try has failed. */
export interface FailedTry {
  /** Why it failed. */
  readonly failure: CallFailure;
  /** How many tries there were, this one included. */
  readonly tries: number;
  /** How many of them ended with what {@linkcode isFinal} calls final, this one included. */
  readonly refusals: number;
  /** How much time is left for all, in milliseconds. */
  readonly remainingMs: number;
  /** A random number, at least 0 and less than 1. */
  readonly random: number;
}

/** What to do after a failed try. */
export type NextStep =
  /** Try again after a wait, in milliseconds. */
  | { readonly kind: "retry"; readonly delayMs: number }
  /** Leave it: no later try can succeed, or the time is up. */
  | {
    readonly kind: "stop";
    readonly why: "no later one can succeed" | "time is up";
  };

/** A single answer may be a slip of something on the way; this many are the platform's word. */
const FINAL_REFUSALS = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
const LONGEST_ASKED_DELAY_MS = 10_000;
const SPREAD_MS = 4_000;
const SPREAD_SHARE = 1 / 10;
const LAST_TRY_MS = 2_000;
const LEAST_TRY_MS = 250;
const SHORT_TRY_MS = 10_000;
const LONG_TRY_MS = 30_000;

/**
 * Decides whether and when to try again: the one retry policy of the program.
 *
 * The wait doubles from half a second to 15 seconds. Half of it is random, so
 * that many VMs that start together spread out. A wait that would leave less than
 * two seconds before the deadline is cut to leave them, for one last try; a quarter
 * of a second is not worth a try.
 *
 * A `Retry-After`, of two minutes at the most, is waited for in full, with a random
 * wait on top: whoever gets one is likely one of many that got it at once. That wait is up to the usual one, or up
 * to four seconds where these are more and no more than a tenth of the time that is
 * left. As a platform that asks is there, the doubling ends at ten seconds then.
 *
 * @param failed The failed try.
 * @returns What to do.
 */
export function nextStep(failed: FailedTry): NextStep {
  const { failure, tries, refusals, remainingMs, random } = failed;
  if (
    isFinal(failure) &&
    (failure.kind !== "status" || refusals >= FINAL_REFUSALS)
  ) {
    return { kind: "stop", why: "no later one can succeed" };
  }
  const askedMs = failure.kind === "status" ? failure.retryAfterMs : undefined;
  const longest = Math.min(
    askedMs === undefined ? LONGEST_DELAY_MS : LONGEST_ASKED_DELAY_MS,
    FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 16),
  );
  const backOffMs = longest / 2 + random * longest / 2;
  const delayMs = askedMs === undefined ? backOffMs : Math.max(
    backOffMs,
    askedMs + random * Math.max(longest, spreadMs(remainingMs)),
  );
  if (delayMs > remainingMs - LAST_TRY_MS && remainingMs > LAST_TRY_MS) {
    return { kind: "retry", delayMs: Math.round(remainingMs - LAST_TRY_MS) };
  }
  return delayMs < remainingMs - LEAST_TRY_MS
    ? { kind: "retry", delayMs: Math.round(delayMs) }
    : { kind: "stop", why: "time is up" };
}

function spreadMs(remainingMs: number): number {
  return Math.min(SPREAD_MS, remainingMs * SPREAD_SHARE);
}

/**
 * How long one try may take, from connecting to the last byte.
 *
 * The first tries are short, as a packet lost while the network comes up is
 * likelier than a slow platform; later ones leave a slow platform its time.
 *
 * @param tries How many tries there were, this one included.
 * @param remainingMs How much time is left for all, in milliseconds.
 * @returns The time-out in milliseconds.
 */
export function tryTimeoutMs(tries: number, remainingMs: number): number {
  const usual = tries <= 3 ? SHORT_TRY_MS : LONG_TRY_MS;
  return Math.max(1, Math.min(usual, Math.ceil(remainingMs)));
}
