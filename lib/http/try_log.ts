import type { Clock } from "../clock.ts";
import type { Log } from "../log/create_log.ts";
import { withoutNumbers } from "../without_numbers.ts";
import { type CallFailure, isUnsent } from "./failure.ts";

/** How many tries of a call have lines of their own. */
const LOUD_TRIES = 5;

/** How long nothing is logged after a line about tries, in milliseconds. */
const QUIET_MS = 60_000;

/** A call that fails in ever new ways is not logged at once any more. */
const MAX_REASONS = 20;

/** How many reasons a line names. */
const MAX_NAMED_REASONS = 3;

/** A try that failed, and is followed by another. */
export interface FailedTry {
  /** What the call does, in words that can follow "to". */
  readonly what: string;
  /** The number of the try, from 1. */
  readonly tries: number;
  /** Why it failed. */
  readonly failure: CallFailure;
  /** The time until the next try, in milliseconds. */
  readonly delayMs: number;
}

/** Whether a try is one of those that are only summed up. */
export function isQuiet(tries: number): boolean {
  return tries > LOUD_TRIES;
}

/**
 * Logs the failed tries of calls that may run at the same time.
 *
 * The first five tries of a call have a line each, and so has a failure of a new kind. All
 * others are summed up, for all calls in one line, at most once a minute: a dead network
 * would fill the journal and a serial console. With the level `debug`, they have a line
 * each as well.
 */
export class TryLog {
  readonly #clock: Pick<Clock, "now">;
  readonly #log: Log;
  readonly #calls = new Map<string, CallTries>();
  #lastLineMs = -Infinity;

  /** Constructs a new instance. */
  constructor(clock: Pick<Clock, "now">, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Logs a failed try, or keeps it for the next line. */
  failed({ what, tries, failure, delayMs }: FailedTry): void {
    const next = `next try in ${(delayMs / 1000).toFixed(1)} s`;
    const line = `Try ${tries} to ${what} failed: ${failure.message}; ${next}`;
    const call = this.#calls.get(what) ?? new CallTries();
    this.#calls.set(what, call);
    const isNew = call.isNew(failure);
    // Without a route there are ten a second.
    if (!isQuiet(tries) && !isUnsent(failure) || isNew) {
      this.#log.warn(line);
      this.#lastLineMs = this.#clock.now();
      return;
    }
    this.#log.debug(line);
    call.keep(tries, failure);
    if (this.#clock.now() - this.#lastLineMs < QUIET_MS) return;
    const sums = [...this.#calls].flatMap(([what, call]) =>
      call.takeSum(what) ?? []
    );
    this.#log.warn(`${capitalized(sums.join(", and "))}; ${next}`);
    this.#lastLineMs = this.#clock.now();
  }

  /** Forgets a call that has ended: its result is logged elsewhere. */
  ended(what: string): void {
    this.#calls.delete(what);
  }
}

/** The tries of a call. */
class CallTries {
  /** The kinds of failures so far. */
  readonly #known = new Set<string>();
  /** By kind, the failures that no line has told: the last message, and how many. */
  readonly #kept = new Map<string, { message: string; count: number }>();
  #first = 0;
  #last = 0;

  isNew(failure: CallFailure): boolean {
    const kind = kindOf(failure);
    if (this.#known.has(kind) || this.#known.size === MAX_REASONS) return false;
    this.#known.add(kind);
    return true;
  }

  keep(tries: number, failure: CallFailure): void {
    if (this.#kept.size === 0) this.#first = tries;
    this.#last = tries;
    const kind = kindOf(failure);
    const count = (this.#kept.get(kind)?.count ?? 0) + 1;
    this.#kept.set(kind, { message: failure.message, count });
  }

  /** Sums up what was kept, and forgets it. */
  takeSum(what: string): string | undefined {
    if (this.#kept.size === 0) return undefined;
    const reasons = [...this.#kept.values()]
      .sort((one, other) => other.count - one.count);
    this.#kept.clear();
    const named = reasons.slice(0, MAX_NAMED_REASONS).map((
      { message, count },
    ) =>
      reasons.length === 1
        ? message
        : `${message} (${count === 1 ? "once" : `${count} times`})`
    );
    const others = reasons.length - named.length;
    const tries = this.#first === this.#last
      ? `try ${this.#first}`
      : `tries ${this.#first} to ${this.#last}`;
    return `${tries} to ${what} failed: ${named.join(", ")}${
      others === 0 ? "" : ` and ${others} other reasons`
    }`;
  }
}

/** Numbers in a message, such as the id of a request, make no other kind. */
function kindOf(failure: CallFailure): string {
  return failure.kind === "status"
    ? `${failure.status}`
    : `${failure.kind} ${withoutNumbers(failure.message)}`;
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
