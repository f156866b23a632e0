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
