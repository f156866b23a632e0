import { SECRETS } from "../../lib/simulator/mod.ts";
import { type Scenario, USUAL_TIMEOUT_S } from "./_scenario.ts";
import {
  GRACE_S,
  type PlatformRun,
  type SeenRequest,
} from "./_platform_case.ts";

/** The reports, as the log has them. */
const READY_REGEXP = /^<Health>.*<State>Ready<|^\{"state":"Ready"/;
const NOT_READY_REGEXP = /^<Health>.*<State>NotReady<|^\{"state":"NotReady"/;

/** What may be in a line of the log: no control character, nothing that turns text around. */
const PRINTABLE_REGEXP = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

/**
 * Holds a run against what the program promises, whatever the platform does.
 *
 * @param scenario Its deadline.
 * @returns What it has broken; nothing, if all is well.
 */
export function brokenPromises(
  run: PlatformRun,
  { timeoutS = USUAL_TIMEOUT_S }: Pick<Scenario, "timeoutS">,
): string[] {
  return PROMISES
    .filter(([, holds]) => !holds(run, timeoutS))
    .map(([promise]) => promise);
}

/** What a run is held against: in words, and as a test. */
export const PROMISES: readonly (readonly [
  string,
  (run: PlatformRun, timeoutS: number) => boolean,
])[] = [
  [
    "It ends within five seconds of its deadline",
    ({ seconds }, timeoutS) => seconds < timeoutS + GRACE_S,
  ],
  [
    "It succeeds if the platform took Ready, and only then",
    (run) => (run.code === 0) === isReady(run),
  ],
  [
    "It leaves a mark if the platform took Ready, and only then",
    (run) => run.marked === isReady(run),
  ],
  [
    "It asks for nothing more when a report was taken",
    ({ requests }) => {
      const taken = requests.findIndex(isTaken);
      return taken === -1 || taken === requests.length - 1;
    },
  ],
  [
    "It never calls a VM ready that it has called a failure",
    ({ log }) => {
      const failure = log.findIndex((line) => NOT_READY_REGEXP.test(line));
      return failure === -1 ||
        !log.slice(failure).some((line) => READY_REGEXP.test(line));
    },
  ],
  [
    "It leaves no half-written files",
    ({ temporary }) => temporary.length === 0,
  ],
  [
    "It reports in XML only with the ids of a goal state",
    ({ requests }) => {
      const first = requests.findIndex(({ target }) => target === "health");
      return first === -1 ||
        requests.slice(0, first).some(({ target }) => target === "goal-state");
    },
  ],
  [
    "Its requests are what the platform wants",
    // An incarnation that moves on is not the program's fault.
    ({ refusals }) =>
      refusals.every((it) => it.startsWith("Stale incarnation ")),
  ],
  [
    "A failure ends as one line that starts with Error, and a success as none",
    ({ code, log }) => {
      const errors = log.filter((line) => line.startsWith("Error: "));
      return code === 0
        ? errors.length === 0
        : errors.length === 1 && log.at(-1) === errors[0];
    },
  ],
  [
    "Its error says what, where, how often tried, and what to do",
    ({ code, log }) =>
      code === 0 ||
      / (127\.|168\.63\.129\.16|169\.254\.169\.254|").*(\(\d+ (try|tries) in [\d.]+ s, [^)]+\)|host name).*; [a-z]/
        .test(log.at(-1)!) ||
      /^Error: .*(admin user|instance metadata: key \d|user data in the metadata|custom data on the provisioning media).*; give the VM /
        .test(log.at(-1)!),
  ],
  [
    "It says of every failed try why it failed, and when the next is",
    ({ log }) =>
      log.filter((line) => /^Warning: Tr(y|ies) /.test(line)).every((line) =>
        /^Warning: Tr(y \d+|ies \d+ to \d+) to .+ failed: [A-Z].+; next try in \d+\.\d s$/
          .test(line)
      ),
  ],
  [
    "Its log holds no control characters",
    ({ log }) => log.every((line) => PRINTABLE_REGEXP.test(line)),
  ],
  [
    "Its log holds no secrets",
    ({ log }) =>
      SECRETS.every((secret) => !log.some((line) => line.includes(secret))),
  ],
  [
    "It ends with a status that docs/troubleshooting.md lists",
    ({ code }) => [0, 65, 69, 75].includes(code),
  ],
];

/** Whatever else the answer holds, a 2xx is the platform's word. */
function isTaken({ target, status }: SeenRequest): boolean {
  return target.startsWith("health") && status.startsWith("2");
}

function isReady({ log, requests }: PlatformRun): boolean {
  return requests.some(isTaken) &&
    !log.some((line) => NOT_READY_REGEXP.test(line));
}
