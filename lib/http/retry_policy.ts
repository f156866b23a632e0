import { type CallFailure, isFinal, isUnsent } from "./failure.ts";

/** What is known after a failed try. */
export interface FailedTry {
  readonly failure: CallFailure;
  /** The number of tries, including this one, but for those that sent nothing. */
  readonly tries: number;
  /** How many tries one after the other sent nothing, including this one. */
  readonly unsent?: number;
  /** How many of them failed in a way that {@linkcode isFinal} calls final, including this one. */
  readonly refusals: number;
  /** The time until the deadline, in milliseconds. */
  readonly remainingMs: number;
  /** A random number, at least 0 and less than 1. */
  readonly random: number;
}

/** What to do after a failed try. */
export type NextStep =
  /** Try again after so many milliseconds. */
  | { readonly kind: "retry"; readonly delayMs: number }
  /** Give up: no later try can succeed, or the time is up. */
  | {
    readonly kind: "stop";
    readonly why: "no later one can succeed" | "time is up";
  };

/** One refusal may come from something in between; so many are the platform's own. */
const FINAL_REFUSALS = 3;
const FIRST_DELAY_MS = 500;
const UNSENT_DELAY_MS = 100;
const LATE_UNSENT_DELAY_MS = 1_000;
/** How many tries without a route are quick: they take half a minute. */
const QUICK_UNSENT_TRIES = 300;
const LONGEST_DELAY_MS = 15_000;
const LONGEST_ASKED_DELAY_MS = 10_000;
const SPREAD_MS = 4_000;
const SPREAD_SHARE = 1 / 10;
const LAST_TRY_MS = 2_000;
const LAST_TRY_SHARE = 1 / 4;
/** A try that has less left before the deadline does not begin. */
const LEAST_TIME_MS = 100;
/** A try that has begun gets this much: a busy machine takes long to read an answer. */
const LEAST_TRY_MS = 250;
const SHORT_TRY_MS = 10_000;
const LONG_TRY_MS = 30_000;

/**
 * Decides whether and when to try again: the program's only retry policy.
 *
 * The wait doubles from half a second to 15 seconds. Half of it is random, so that VMs
 * that start together spread out. A wait that would leave less than two seconds before
 * the deadline, or less than a quarter of the time if that is shorter, is cut to leave
 * that much for a last try. If that fails at once, there is another, until a tenth of a second is
 * left: so the time that was given is used.
 *
 * While the machine has no route, a try sends nothing and ends at once. So it is repeated each
 * tenth of a second, and each second after half a minute: the network may come at any moment.
 *
 * A `Retry-After`, of up to two minutes, is honoured in full, plus a random wait: many VMs
 * probably got it at once. The random wait is at most the usual one, or four seconds if
 * that is more and at most a tenth of the time that is left. Since the platform is there,
 * the doubling then ends at ten seconds.
 */
export function nextStep(failed: FailedTry): NextStep {
  const { failure, tries, refusals, remainingMs, random, unsent = 0 } = failed;
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
  const delayMs = isUnsent(failure)
    ? unsent > QUICK_UNSENT_TRIES ? LATE_UNSENT_DELAY_MS : UNSENT_DELAY_MS
    : askedMs === undefined
    ? backOffMs
    : Math.max(
      backOffMs,
      askedMs + random * Math.max(longest, spreadMs(remainingMs)),
    );
  const latestMs = Math.floor(remainingMs - lastTryMs(remainingMs));
  return latestMs > 0
    ? { kind: "retry", delayMs: Math.min(Math.round(delayMs), latestMs) }
    : { kind: "stop", why: "time is up" };
}

function lastTryMs(remainingMs: number): number {
  const share = remainingMs * LAST_TRY_SHARE;
  return Math.max(LEAST_TIME_MS, Math.min(LAST_TRY_MS, share));
}

function spreadMs(remainingMs: number): number {
  return Math.min(SPREAD_MS, remainingMs * SPREAD_SHARE);
}

/**
 * How long one try may take, from connecting to the last byte, in milliseconds.
 *
 * The first tries are short: while the network comes up, a lost packet is likelier than a
 * slow platform. Later ones give a slow platform time, but only one that has been reached: a
 * connection that begins through the wrong card stays there, even if the right one comes
 * meanwhile. The last one may pass the deadline by a quarter of a second.
 *
 * @param tries The number of tries, including this one, but for those that sent nothing.
 * @param remainingMs The time until the deadline, in milliseconds.
 * @param wasReached Whether an earlier try got as far as a connection.
 */
export function tryTimeoutMs(
  tries: number,
  remainingMs: number,
  wasReached: boolean,
): number {
  const usual = tries > 3 && wasReached ? LONG_TRY_MS : SHORT_TRY_MS;
  return Math.max(LEAST_TRY_MS, Math.min(usual, Math.ceil(remainingMs)));
}

/** Whether a try gets so little time, at the end, that it says nothing of the platform if it runs out. */
export function isCutShort(timeoutMs: number): boolean {
  return timeoutMs < LAST_TRY_MS;
}
