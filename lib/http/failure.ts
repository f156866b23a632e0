import type { HttpResponse } from "./message.ts";
import { ExitCode } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";

/** Why one try of a request gave nothing of use. */
export type CallFailure =
  /** No answer: refused, reset, unreachable, too slow, or cut off. */
  | {
    readonly kind: "network";
    readonly message: string;
    /** There was the beginning of an answer. */
    readonly heard?: boolean;
  }
  /** This machine has too little of something to ask at all; that may pass. */
  | { readonly kind: "local"; readonly message: string }
  /** An answer that is not HTTP, or that passes a limit. */
  | { readonly kind: "protocol"; readonly message: string }
  /** An answer with a status that is no success. */
  | {
    readonly kind: "status";
    readonly message: string;
    readonly status: number;
    /** How long the platform asks to wait, in milliseconds. */
    readonly retryAfterMs?: number | undefined;
  }
  /** A success whose content cannot be used. */
  | { readonly kind: "data"; readonly message: string; readonly key: string }
  /** Nothing that time can mend, as the caller knows. */
  | { readonly kind: "final"; readonly message: string }
  /** The program may not connect there. */
  | { readonly kind: "denied"; readonly message: string };

/** What one try gave: a value, or the reason why not. */
export type TryResult<T> =
  | {
    readonly ok: true;
    readonly value: T;
    /** The HTTP status, where the answer was one. */
    readonly status?: number;
  }
  | { readonly ok: false; readonly failure: CallFailure };

/**
 * Statuses that say that the request itself is wrong: the same request will not
 * fare better later.
 */
const FINAL_STATUSES: ReadonlySet<number> = new Set(
  [400, 401, 405, 406, 411, 413, 414, 415, 417, 431, 501, 505],
);

/**
 * Says whether trying again may help.
 *
 * Nearly everything may change while a VM and its network come up; a request
 * that the platform finds wrong, or that the sandbox forbids, will not.
 *
 * @param failure What went wrong.
 * @returns Whether no later try can succeed.
 */
export function isFinal(failure: CallFailure): boolean {
  return failure.kind === "denied" || failure.kind === "final" ||
    (failure.kind === "status" && FINAL_STATUSES.has(failure.status));
}

/**
 * Says whether anything has answered, however badly.
 *
 * @param failure What went wrong.
 * @returns Whether something is there that may take a report of it.
 */
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
 * Says whether a request was sent and nothing at all came back, as where there is nobody.
 *
 * @param failure What went wrong, if anything did.
 * @returns Whether it was met with silence; a machine that could not ask does not know.
 */
export function isSilence(failure: CallFailure | undefined): boolean {
  return failure?.kind === "network" && !isAnswer(failure);
}

/**
 * Describes a response that is no success.
 *
 * @param response The response.
 * @returns The failure, with the start of the body as the platform's own words.
 */
export function statusFailure(response: HttpResponse): CallFailure {
  const retryAfterMs = parseRetryAfter(response.headers);
  return {
    kind: "status",
    status: response.status,
    message: `The platform answered ${statusLine(response)}${
      excerpt(response)
    }`,
    retryAfterMs,
  };
}

/**
 * Writes a response's status as the journal has it.
 *
 * @param response The response.
 * @returns Such as `200 OK`, or `200` where the platform gives no reason phrase.
 */
export function statusLine(response: HttpResponse): string {
  return `${response.status} ${response.reason.slice(0, 80)}`.trimEnd();
}

/**
 * The exit status for a failure that ended the work.
 *
 * @param failure What went wrong last.
 * @returns The exit status.
 */
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

/** The one form of a date that RFC 9110 lets a server send; `Date.parse` takes nearly anything. */
const HTTP_DATE_REGEXP =
  /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

/** The longest wait that a server gets, in milliseconds: one slip must not cost the whole time-out. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Reads how long a server asks to wait.
 *
 * A date is compared with the response's own `Date` header and counts only where there
 * is one: at first boot the machine's clock may be wrong by years.
 *
 * @param headers The response's headers, by lower-case name.
 * @returns The wait in milliseconds, up to two minutes, or `undefined` if there is none
 * that can be read.
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
