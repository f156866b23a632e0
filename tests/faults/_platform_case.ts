import { markOn, readDisk } from "./_disk.ts";
import { makeMachine } from "./_machine.ts";
import { type Scenario, USUAL_TIMEOUT_S } from "./_scenario.ts";

/** A request as the platform has seen it. */
export interface SeenRequest {
  /** What it asked for. */
  readonly target: SeenTarget;
  /** The status of the answer, or `-` where there was none. */
  readonly status: string;
  /** The health that was reported and accepted. */
  readonly health: "Ready" | "NotReady" | undefined;
  /** The description of a failure that was reported and accepted. */
  readonly description: string;
}

/** What a request may ask for. */
export type SeenTarget = "goal-state" | "metadata" | "health" | "health-json";

/** What came of a first boot. */
export interface PlatformRun {
  /** The exit status. */
  readonly code: number;
  /** The log, line by line. */
  readonly log: readonly string[];
  /** What the platform was asked, in order. */
  readonly requests: readonly SeenRequest[];
  /** What the platform refused as malformed. */
  readonly refusals: readonly string[];
  /** Whether there is a mark. */
  readonly marked: boolean;
  /** What /etc/hostname holds. */
  readonly hostName: string;
  /** Files that a run leaves behind although it should not. */
  readonly temporary: readonly string[];
  /** What the scenario's script printed afterwards. */
  readonly after: string;
  /** From the start of the program to its end, in seconds. */
  readonly seconds: number;
}

const PATHS: readonly (readonly [string, SeenTarget])[] = [
  ["/machine?comp=goalstate", "goal-state"],
  ["/machine?comp=health", "health"],
  ["/provisioning/health", "health-json"],
  ["/metadata/instance", "metadata"],
];

/** What a first boot is played with. */
export type PlatformCase = Pick<
  Scenario,
  "faults" | "vm" | "args" | "timeoutS" | "prepare" | "after"
>;

/** How long after its deadline the program may end, in seconds. */
export const GRACE_S = 5;

/** How often a run that took too long is tried again. */
const MORE_TRIES = 2;

/**
 * Boots a machine of its own against a platform that plays the faults, and tells what
 * came of it.
 *
 * A run that takes too long is done again: that this machine is busy with other runs
 * is not the program's fault, and a program that does not keep its deadline misses it
 * every time.
 *
 * @param scenario The faults, and how the program is started.
 * @returns What came of it.
 */
export async function runPlatformCase(
  scenario: PlatformCase,
): Promise<PlatformRun> {
  const { timeoutS = USUAL_TIMEOUT_S } = scenario;
  for (let tries = 0;; tries++) {
    const run = await runOnce(scenario);
    if (run.seconds < timeoutS + GRACE_S || tries === MORE_TRIES) return run;
  }
}

async function runOnce(
  scenario: PlatformCase,
): Promise<PlatformRun> {
  const { faults, vm, args = [], timeoutS = USUAL_TIMEOUT_S } = scenario;
  await using machine = await makeMachine();
  if (scenario.prepare !== undefined) await machine.succeed(scenario.prepare);
  await using platform = await machine.startPlatform(faults, vm);
  const startedAt = performance.now();
  await using running = machine.start(
    `exec "$0" provision --timeout=${timeoutS} ${args.join(" ")}`,
  );
  const { code, stderr } = await running.end;
  const seconds = (performance.now() - startedAt) / 1000;
  const { lines, refusals } = await platform.stop();
  const disk = await readDisk(machine);
  const { after } = scenario;
  return {
    code,
    seconds,
    refusals,
    log: stderr.split("\n").filter((line) => line !== ""),
    requests: lines.map(parseRequest),
    marked: markOn(disk) !== undefined,
    hostName: disk.hostname?.trimEnd() ?? "",
    temporary: disk.temporary,
    after: after === undefined ? "" : await machine.succeed(after.script),
  };
}

/** A line such as `0.02 s GET /machine?comp=goalstate -> 503 (fault 503)`. */
function parseRequest(line: string): SeenRequest {
  const [, path = "", status = "", note = ""] =
    /^\S+ s (?:GET|POST) (\S+) -> (\d+|no answer)(?: \((.*)\))?$/.exec(line) ??
      [];
  const target = PATHS.find(([start]) => path.startsWith(start))?.[1];
  if (target === undefined) throw new Error(`Unknown request "${line}"`);
  const [, health, description = ""] =
    /^(Ready|NotReady)(?:, \w+, "(.*)")?/.exec(note) ?? [];
  return {
    target,
    status: status === "no answer" ? "-" : status,
    health: health as SeenRequest["health"],
    description,
  };
}
