import { readBounded } from "../../files/read_bounded.ts";
import type { DataKind } from "./data_kind.ts";

/** The result of running user data or custom data; `units/common/userdata` writes it, if it is enabled. */
export interface UserDataResult {
  /** The VM's id. */
  readonly vmId: string;
  /** How it ended; a power cut leaves `running`. */
  readonly outcome: UserDataOutcome;
  /** The script's exit status, if it ended by itself. */
  readonly exitStatus?: number;
  /** How long the script ran, in seconds. */
  readonly seconds?: number;
}

/** Each outcome, for a person. */
const OUTCOMES = {
  "running": "a script that was started and has not ended",
  "ended": "a script that ended",
  "timed out": "a script that was stopped at its time limit",
  "interrupted": "a script that was interrupted",
  "not a script": "not a script: it does not start with #!",
} as const;

/** How running user data or custom data ended. */
export type UserDataOutcome = keyof typeof OUTCOMES;

/** A result has a few hundred bytes. */
const MAX_RESULT_BYTES = 64 * 1024;

/**
 * Reads the result of running a VM's user data or custom data. Needs `--allow-read` for it.
 *
 * @param vmId The VM's id; the result of another VM is ignored.
 * @returns `undefined` if the data has not been run.
 */
export function readUserDataResult(
  stateDir: string,
  vmId: string | undefined,
  { resultFile }: Pick<DataKind, "resultFile">,
): UserDataResult | undefined {
  try {
    const bytes = readBounded(`${stateDir}/${resultFile}`, MAX_RESULT_BYTES);
    const result = parseUserDataResult(new TextDecoder().decode(bytes));
    return result !== undefined &&
        result.vmId.toLowerCase() === vmId?.toLowerCase()
      ? result
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Parses what `units/common/userdata` wrote.
 *
 * @returns `undefined` if the text is not a result.
 */
export function parseUserDataResult(text: string): UserDataResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { vmId, outcome, exitStatus, seconds } = value as Record<
    string,
    unknown
  >;
  if (typeof vmId !== "string" || !isOutcome(outcome)) return undefined;
  return {
    vmId,
    outcome,
    ...(isCount(exitStatus) ? { exitStatus } : {}),
    ...(isCount(seconds) ? { seconds } : {}),
  };
}

/** Describes a result for a person, in one line. */
export function describeUserData(
  { outcome, exitStatus, seconds }: UserDataResult,
): string {
  return OUTCOMES[outcome] +
    (exitStatus === undefined ? "" : ` with exit status ${exitStatus}`) +
    (seconds === undefined ? "" : ` after ${seconds} s`);
}

function isOutcome(value: unknown): value is UserDataOutcome {
  return typeof value === "string" && Object.hasOwn(OUTCOMES, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
