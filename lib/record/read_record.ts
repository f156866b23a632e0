import { fileProblem } from "../files/file_problem.ts";
import { readBounded } from "../files/read_bounded.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import {
  type Call,
  MAX_CALLS,
  type Phase,
  type PhaseOutcome,
  recordPath,
  type RunRecord,
} from "./record.ts";

/** Two hundred calls and their errors take far fewer bytes. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/**
 * Reads the record of the last run.
 *
 * @throws {ProvisioningError} If there is none, it cannot be read, or it is invalid.
 */
export function readRecord(stateDir: string): RunRecord {
  const path = recordPath(stateDir);
  let text: string;
  try {
    text = new TextDecoder().decode(readBounded(path, MAX_RECORD_BYTES));
  } catch (error) {
    throw new ProvisioningError(
      error instanceof Deno.errors.NotFound
        ? `There is no record "${path}": no run has begun here, or it could not write; see the journal`
        : `Cannot read the record "${path}": ${fileProblem(error)}`,
      { key: "record_unreadable", exitCode: ExitCode.io },
    );
  }
  const record = parseRecord(text);
  if (record === undefined) {
    throw new ProvisioningError(
      `"${path}" is not a record of this version of the program; the next run replaces it`,
      { key: "record_invalid", exitCode: ExitCode.badData },
    );
  }
  return record;
}

/**
 * Parses the record of a run.
 *
 * @returns The record, or `undefined` if the text is not one that this version knows.
 */
export function parseRecord(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

const OUTCOMES: readonly RunRecord["outcome"][] = [
  "running",
  "provisioned",
  "failed",
  "stopped",
  "not on Azure",
];

/** A run has about a dozen. */
const MAX_PHASES = 100;

const PHASE_OUTCOMES: readonly PhaseOutcome[] = [
  "done",
  "skipped",
  "warned",
  "failed",
];

function isRecord(value: unknown): value is RunRecord {
  return isObject(value) && value.format === 1 &&
    isText(value.version) && isText(value.startedAt) &&
    !Number.isNaN(Date.parse(value.startedAt)) &&
    OUTCOMES.some((it) => it === value.outcome) &&
    isOptional(value.durationMs, isNumber) &&
    isOptional(value.vmId, isText) && isOptional(value.instanceId, isText) &&
    isOptional(value.health, (it) => it === "Ready" || it === "NotReady") &&
    isOptional(value.error, isError) &&
    isListOf(value.phases, MAX_PHASES, isPhase) &&
    isListOf(value.calls, MAX_CALLS, isCall) &&
    isNumber(value.moreCalls);
}

function isListOf(
  value: unknown,
  maxLength: number,
  is: (item: unknown) => boolean,
): boolean {
  return Array.isArray(value) && value.length <= maxLength && value.every(is);
}

function isPhase(value: unknown): value is Phase {
  return isObject(value) && isText(value.name) && isSpan(value) &&
    PHASE_OUTCOMES.some((it) => it === value.outcome) &&
    isOptional(value.what, isText);
}

function isCall(value: unknown): value is Call {
  return isObject(value) && isText(value.what) && isSpan(value) &&
    isNumber(value.tries) && typeof value.ok === "boolean" &&
    isOptional(value.status, isNumber) && isOptional(value.why, isText);
}

function isError(value: unknown): boolean {
  return isObject(value) && isText(value.key) && isText(value.message);
}

function isSpan({ startMs, endMs }: Record<string, unknown>): boolean {
  return isNumber(startMs) && isNumber(endMs) && startMs <= endMs;
}

/** Times and counts are never negative. */
function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isOptional(
  value: unknown,
  is: (value: unknown) => boolean,
): boolean {
  return value === undefined || is(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
