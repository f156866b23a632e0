import { readBounded } from "../../files/read_bounded.ts";
import { type DataKind, USER_DATA } from "./data_kind.ts";

/** What has become of a VM's user data, or custom data; `units/common/userdata` writes it, where it is enabled. */
export interface UserDataResult {
  /** The VM's id. */
  readonly vmId: string;
  /** How it ended; `running` is also what is left where the power was cut. */
  readonly outcome: UserDataOutcome;
  /** The exit status of a script that has ended by itself. */
  readonly exitStatus?: number;
  /** How long the script ran, in seconds. */
  readonly seconds?: number;
}

const WORDS = {
  "running": "a script, which was started and has not ended",
  "ended": "a script, which ended",
  "timed out": "a script, which was ended at its limit",
  "interrupted": "a script, which was interrupted",
  "not a script": "no script: they do not start with #!",
} as const;

/** How user data end. */
export type UserDataOutcome = keyof typeof WORDS;

/**
 * Reads what `units/common/userdata` wrote.
 *
 * @param text The text of `userdata.result`.
 * @returns The result, or `undefined` if the text is none.
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

/**
 * Says what has become of user data, for a person.
 *
 * @param result What has become of them.
 * @returns One line.
 */
export function describeUserData(result: UserDataResult): string {
  const { outcome, exitStatus, seconds } = result;
  return WORDS[outcome] +
    (exitStatus === undefined ? "" : ` with the exit status ${exitStatus}`) +
    (seconds === undefined ? "" : ` after ${seconds} s`);
}

function isOutcome(value: unknown): value is UserDataOutcome {
  return typeof value === "string" && Object.hasOwn(WORDS, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** It has a few hundred, in bytes. */
const MAX_RESULT_BYTES = 64 * 1024;

/**
 * Reads what has become of a VM's user data, or custom data. Needs `--allow-read` for it.
 *
 * @param stateDir The state directory.
 * @param vmId The VM's id: what another VM left does not count.
 * @param kind Which.
 * @returns What has become of them; `undefined` where nobody has run them.
 */
export function readUserDataResult(
  stateDir: string,
  vmId: string | undefined,
  kind: DataKind = USER_DATA,
): UserDataResult | undefined {
  try {
    const bytes = readBounded(
      `${stateDir}/${kind.resultFile}`,
      MAX_RESULT_BYTES,
    );
    const result = parseUserDataResult(new TextDecoder().decode(bytes));
    return result !== undefined &&
        result.vmId.toLowerCase() === vmId?.toLowerCase()
      ? result
      : undefined;
  } catch {
    return undefined;
  }
}
