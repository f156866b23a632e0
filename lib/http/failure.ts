import { type HttpResponse, statusLine } from "./message.ts";
import { PROXY_AGENT_HEADER } from "./proxy_agent.ts";
import { ExitCode } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";

/** Why one try of a request failed. */
export type CallFailure =
  /** No answer: refused, reset, unreachable, too slow, or cut off. */
  | {
    readonly kind: "network";
    readonly message: string;
    /** Whether part of an answer came. */
    readonly heard?: boolean;
    /** Whether nothing was sent, because the machine has no route yet. */
    readonly unsent?: true;
    /** The machine's own address, if it was connected. */
    readonly from?: string;
  }
  /** This machine lacks the resources to send a request. That may pass. */
  | { readonly kind: "local"; readonly message: string }
  /** An answer that is not HTTP, or that exceeds a limit. */
  | { readonly kind: "protocol"; readonly message: string }
  /** An answer whose status is not 2xx. */
  | {
    readonly kind: "status";
    readonly message: string;
    readonly status: number;
    /** How long the platform asks to wait, in milliseconds. */
    readonly retryAfterMs?: number | undefined;
    /** Whether the guest proxy agent passed the answer on. */
    readonly isPassedOn?: true;
    /** Whether the answer passes once the guest proxy agent has its key. */
    readonly waitsForKey?: true;
  }
  /** A success whose content cannot be used. */
  | { readonly kind: "data"; readonly message: string; readonly key: string }
  /** The caller knows that no later try can succeed. */
  | { readonly kind: "final"; readonly message: string }
  /** The program may not connect there. */
  | { readonly kind: "denied"; readonly message: string };

/** The result of one try. */
export type TryResult<T> =
  | {
    readonly ok: true;
    readonly value: T;
    /** The HTTP status, if one answer gave the value. */
    readonly status?: number;
  }
  | { readonly ok: false; readonly failure: CallFailure };

/** Statuses that blame the request itself: the same request will fail again. */
const FINAL_STATUSES: ReadonlySet<number> = new Set(
  [400, 401, 405, 406, 411, 413, 414, 415, 417, 431, 501, 505],
);

/**
 * Whether no later try can succeed.
 *
 * Nearly everything can change while a VM and its network come up, but not a request that
 * the platform finds wrong or the sandbox forbids.
 */
export function isFinal(failure: CallFailure): boolean {
  return failure.kind === "denied" || failure.kind === "final" ||
    (failure.kind === "status" && !failure.waitsForKey &&
      FINAL_STATUSES.has(failure.status));
}

/** Whether anything answered, however badly, so that it may also accept a report. */
export function isAnswer(failure: CallFailure): boolean {
  switch (failure.kind) {
    case "network":
      return failure.heard === true;
    case "local":
    case "denied":
      return false;
    default:
      return true;
  }
}

/**
 * Whether a request got no answer at all, as if nobody were there. It is false if this
 * machine could not send one.
 */
export function isSilence(failure: CallFailure | undefined): boolean {
  return failure?.kind === "network" && !isAnswer(failure);
}

/** Whether a try reached nobody because the machine has no route: trying costs the platform nothing. */
export function isUnsent(failure: CallFailure): boolean {
  return failure.kind === "network" && failure.unsent === true;
}

/** Whether there was a connection, even if nothing came of it. */
export function isReached(failure: CallFailure): boolean {
  return isAnswer(failure) ||
    failure.kind === "network" && failure.from !== undefined;
}

/** Describes a response whose status is not 2xx, quoting the start of its body. */
export function statusFailure(response: HttpResponse): CallFailure {
  const retryAfterMs = parseRetryAfter(response.headers);
  return {
    kind: "status",
    status: response.status,
    message: `The platform answered ${statusLine(response)}${
      excerpt(response)
    }`,
    retryAfterMs,
    ...(response.headers.has(PROXY_AGENT_HEADER) ? { isPassedOn: true } : {}),
  };
}

/** The exit status of a program that a failure ended. */
export function exitCodeOf(failure: CallFailure): ExitCode {
  switch (failure.kind) {
    case "network":
    case "local":
      return ExitCode.unreachable;
    case "protocol":
    case "data":
    case "final":
      return ExitCode.badData;
    case "status":
      return isFinal(failure) ? ExitCode.unreachable : ExitCode.gaveUp;
    case "denied":
      return ExitCode.notPermitted;
  }
}

function excerpt(response: HttpResponse): string {
  const text = new TextDecoder().decode(response.body.subarray(0, 4096))
    .replaceAll(/<(style|script|title)\b.*?<\/\1>/gis, " ")
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (text === "") return "";
  return `: "${shorten(text, 160)}"`;
}

/** The only form of a date that a server may send (RFC 9110). `Date.parse` takes far more. */
const HTTP_DATE_REGEXP =
  /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

/** The longest wait that is honoured, in milliseconds: a slip must not use up the time-out. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Parses how long a server asks to wait.
 *
 * A date is compared with the `Date` header, and ignored without one: at first boot the
 * machine's clock may be wrong by years.
 *
 * @param headers The response's headers, by lower-case name.
 * @returns The wait in milliseconds, up to two minutes; `undefined` if there is no valid one.
 */
export function parseRetryAfter(
  headers: ReadonlyMap<string, string>,
): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  const asked = /^[0-9]{1,9}$/.test(value)
    ? Number(value) * 1000
    : parseHttpDate(value) - parseHttpDate(headers.get("date") ?? "");
  if (Number.isNaN(asked)) return undefined;
  return Math.min(LONGEST_WAIT_MS, Math.max(0, asked));
}

function parseHttpDate(value: string): number {
  return HTTP_DATE_REGEXP.test(value) ? Date.parse(value) : NaN;
}
