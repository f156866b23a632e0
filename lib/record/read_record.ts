import { readBounded } from "../files/read_bounded.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import {
  type Call,
  MAX_CALLS,
  type Phase,
  type PhaseOutcome,
  recordPath,
  type RunRecord,
} from "./record.ts";

/** Two hundred calls and what was wrong with them are far less, in bytes. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/**
 * Reads the record that the last run left.
 *
 * @param stateDir The state directory.
 * @returns The record.
 * @throws {ProvisioningError} If there is none, or it cannot be read or is no record.
 */
export function readRecord(stateDir: string): RunRecord {
  const path = recordPath(stateDir);
  let text: string;
  try {
    text = new TextDecoder().decode(readBounded(path, MAX_RECORD_BYTES));
  } catch (error) {
    throw new ProvisioningError(
      error instanceof Deno.errors.NotFound
        ? `There is no record "${path}": no run has begun here, or it could not write; the journal knows more`
        : `Cannot read the record "${path}": ${fileProblem(error)}`,
      { key: "record_unreadable", exitCode: ExitCode.io },
    );
  }
  const record = parseRecord(text);
  if (record === undefined) {
    throw new ProvisioningError(
      `"${path}" is no record of this version of the program; the next run writes it anew`,
      { key: "record_invalid", exitCode: ExitCode.badData },
    );
  }
  return record;
}

/** What has become of a run that has not written how it ended. */
export type RunState = "running" | "cut off" | "running or cut off";

/**
 * Finds out whether a run is still under way: it holds the lock while it is.
 *
 * @param stateDir The state directory.
 * @returns What can be known; without the right to open the lock, that is little.
 */
export async function runState(stateDir: string): Promise<RunState> {
  try {
    const path = `${stateDir}/lock`;
    // To open a pipe for reading is to wait for whoever writes it.
    if (!(await Deno.stat(path)).isFile) return "running or cut off";
    using lock = await Deno.open(path);
    return await lock.tryLock(false) ? "cut off" : "running";
  } catch {
    return "running or cut off";
  }
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
