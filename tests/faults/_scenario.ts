import { VM } from "./_machine.ts";
import type { PlatformRun, SeenTarget } from "./_platform_case.ts";

/** What the platform does wrong, and what has to come of it. */
export interface Scenario {
  /** What the platform does, to follow "a platform that". */
  readonly name: string;
  /** The simulator's faults. */
  readonly faults: readonly string[];
  /** What the VM is to have, as options of `simulate`. */
  readonly vm?: readonly string[];
  /** A shell script to run in the machine before the boot. */
  readonly prepare?: string;
  /** A shell script to run in it afterwards, and all that it has to print. */
  readonly after?: { readonly script: string; readonly prints: string };
  /** More of the program's command line. */
  readonly args?: readonly string[];
  /**
   * The deadline, in seconds.
   *
   * @default {4}
   */
  readonly timeoutS?: number;
  /** It runs only when all tests are asked for. */
  readonly slow?: true;
  /** What has to come of it. */
  readonly expected: ExpectedRun;
}

/** What has to come of a first boot. */
export interface ExpectedRun {
  /**
   * The exit status.
   *
   * @default {0}
   */
  readonly code?: number;
  /** The answers to each kind of request; one that is not named is as in {@linkcode USUAL}. */
  readonly requests?: Readonly<Partial<Record<SeenTarget, string>>>;
  /** What a line of the log holds. */
  readonly line: string;
  /** What no line of the log holds. */
  readonly never?: string;
  /** The host name afterwards, if it is not the VM's computer name. */
  readonly hostName?: string;
  /** How the description of the failure that was reported starts. */
  readonly reported?: string;
}

/** A deadline that is long enough for a few tries, in seconds. */
export const USUAL_TIMEOUT_S = 4;

/**
 * The statuses of the answers to each kind of request, in order, where all is well.
 * In a scenario `-` is no answer, and `503...` that status once or more often.
 */
export const USUAL: Readonly<Record<SeenTarget, string>> = {
  "goal-state": "200",
  metadata: "200",
  health: "200",
  "health-json": "",
};

/**
 * The answers to what is refused for good: one could be a slip.
 *
 * @returns The status, three times.
 */
export function thrice(status: number): string {
  return `${status} ${status} ${status}`;
}

/**
 * Says whether the statuses of answers are as expected.
 *
 * @param pattern Such as `503... 200`, or `(400 503)...` for pairs.
 * @param statuses Such as `["503", "503", "200"]`.
 * @returns Whether they fit.
 */
export function fits(pattern: string, statuses: readonly string[]): boolean {
  const source = [
    ...pattern.matchAll(/\(([^)]*)\)\.\.\.|(\S+?)(\.\.\.)?(?: |$)/g),
  ]
    .map(([, group, one, isRepeated]) =>
      group !== undefined || isRepeated ? `(?:${group ?? one} )+` : `${one} `
    ).join("");
  return new RegExp(`^${source}$`)
    .test(statuses.map((status) => `${status} `).join(""));
}

/**
 * Holds a run against what a scenario expects of it.
 *
 * @returns What is otherwise; nothing, if all is as expected.
 */
export function differences(
  { expected, after }: Scenario,
  run: PlatformRun,
): string[] {
  const { code = 0, hostName = VM.computerName, line, never, reported = "" } =
    expected;
  const problems: string[] = [];
  if (run.code !== code) problems.push(`Exit status ${run.code}, not ${code}`);
  for (const [target, pattern] of requestsOf(expected)) {
    const statuses = run.requests.filter((it) => it.target === target)
      .map(({ status }) => status);
    if (!fits(pattern, statuses)) {
      problems.push(`"${statuses.join(" ")}" for ${target}, not "${pattern}"`);
    }
  }
  if (!run.log.some((it) => it.includes(line))) {
    problems.push(`No line in the log with "${line}"`);
  }
  if (never !== undefined && run.log.some((it) => it.includes(never))) {
    problems.push(`A line in the log with "${never}"`);
  }
  if (run.after !== (after?.prints ?? "")) {
    problems.push(`"${run.after}" afterwards, not "${after?.prints}"`);
  }
  if (run.hostName !== hostName) {
    problems.push(`Host name "${run.hostName}", not "${hostName}"`);
  }
  const failure = run.requests.find(({ health }) => health === "NotReady");
  if (
    (failure !== undefined) !== (reported !== "") ||
    failure?.description.startsWith(reported) === false
  ) {
    problems.push(`Reported "${failure?.description}", not "${reported}"`);
  }
  return problems;
}

/**
 * What is expected to be asked for.
 *
 * @param expected What a scenario expects.
 * @returns Each kind of request, and the answers to it.
 */
export function requestsOf(
  { requests = {} }: ExpectedRun,
): readonly (readonly [SeenTarget, string])[] {
  return Object.entries({ ...USUAL, ...requests }) as [SeenTarget, string][];
}
