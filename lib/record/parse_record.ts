import type { Phase, PhaseOutcome } from "./phase.ts";
import { type Call, MAX_CALLS, type RunRecord } from "./record.ts";

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

/**
 * Reads the record of a run.
 *
 * @param text What a run wrote.
 * @returns The record, or `undefined` if the text is none that this version knows.
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

function isRecord(value: unknown): value is RunRecord {
  return isObject(value) && value.format === 1 &&
    isText(value.version) && isText(value.startedAt) &&
    !Number.isNaN(Date.parse(value.startedAt)) &&
    OUTCOMES.some((it) => it === value.outcome) &&
    isOptional(value.durationMs, isTime) &&
    isOptional(value.vmId, isText) && isOptional(value.instanceId, isText) &&
    isOptional(value.health, (it) => it === "Ready" || it === "NotReady") &&
    isOptional(value.error, isError) &&
    isListOf(value.phases, MAX_PHASES, isPhase) &&
    isListOf(value.calls, MAX_CALLS, isCall) &&
    isTime(value.moreCalls);
}

function isListOf(
  value: unknown,
  most: number,
  is: (item: unknown) => boolean,
): boolean {
  return Array.isArray(value) && value.length <= most && value.every(is);
}

function isPhase(value: unknown): value is Phase {
  return isObject(value) && isText(value.name) && isSpan(value) &&
    PHASE_OUTCOMES.some((it) => it === value.outcome) &&
    isOptional(value.what, isText);
}

function isCall(value: unknown): value is Call {
  return isObject(value) && isText(value.what) && isSpan(value) &&
    isTime(value.tries) && typeof value.ok === "boolean" &&
    isOptional(value.status, isTime) && isOptional(value.why, isText);
}

function isError(value: unknown): boolean {
  return isObject(value) && isText(value.key) && isText(value.message);
}

function isSpan({ startMs, endMs }: Record<string, unknown>): boolean {
  return isTime(startMs) && isTime(endMs) && startMs <= endMs;
}

function isTime(value: unknown): value is number {
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
