import { assertEquals, assertMatch } from "@std/assert";
import { readDisk, type Written, writtenOn } from "./_disk.ts";
import { type Machine, makeMachine } from "./_machine.ts";
import { pool } from "../helpers/pool.ts";
import { faultTest, type FaultTestOptions, obstacleOf } from "./_register.ts";
import { requestsOf } from "./_requests.ts";

/** How a boot has to end. */
export interface Outcome {
  /** The exit status. */
  readonly code: number;
  /** What the platform was asked, as `requestsOf` says it; `undefined` where there is none. */
  readonly requests?: string | RegExp;
  /** What is in the log; nothing at all where it is `undefined`. */
  readonly log?: RegExp;
  /** What is on the disk after it. */
  readonly written: readonly Written[];
  /** What lies about beside. */
  readonly temporary?: readonly string[];
  /** The longest it may take, in seconds, however busy this machine is. */
  readonly withinS?: number;
}

/** How a start of the unit has to end on a booted machine. */
export interface BootedEnd extends Pick<Outcome, "code" | "requests"> {
  /** The exit status of the fallback's program, if that runs. */
  readonly fallback?: number;
}

/** What is otherwise where the machine is booted, and the unit starts the program. */
export interface Booted
  extends Pick<FaultCase, "prepare" | "start" | "repair" | "nextIsPlain"> {
  /** Why it cannot be booted in name spaces. */
  readonly obstacle?: string;
  /** How the first start ends. */
  readonly first?: BootedEnd;
  /** How the next one ends. */
  readonly next?: BootedEnd;
}

/** A fault of the machine, and what becomes of its first two boots. */
export interface FaultCase extends FaultTestOptions {
  /** What is wrong with the machine, to follow "a first boot". */
  readonly name: string;
  /** Makes it so: a shell script that runs inside before the boot. */
  readonly prepare?: string;
  /** Starts the program; `$0` is its path. */
  readonly start?: string;
  /** What is wrong with the platform; `none` for no platform at all. */
  readonly platform?: readonly string[] | "none";
  /** What the VM is to have, as options of `simulate`. */
  readonly vm?: readonly string[];
  /** The first boot. */
  readonly first: Outcome;
  /** A shell script to run inside after it, and all that it has to print. */
  readonly after?: { readonly script: string; readonly prints: string };
  /** Takes the fault away; without it, the next boot has it as well. */
  readonly repair?: string;
  /** Whether the next boot is started as the first one was, or plainly. */
  readonly nextIsPlain?: boolean;
  /** The next boot. */
  readonly next: Outcome;
  /** What is otherwise on a booted machine. */
  readonly booted?: Booted;
}

/** How the program is started where a case does not say. */
export const PLAIN_START = 'exec "$0" provision';

/** A first boot that works. */
export const PROVISIONED: Outcome = {
  code: 0,
  requests: "Ready, goal state, metadata",
  log: /^Provisioned: the platform knows that this VM is ready$/m,
  written: ["hostname", "hosts", "mark"],
};

/** The boot after it. */
export const DONE: Outcome = {
  code: 0,
  requests: "metadata",
  log: /^This VM was provisioned at \d{4}-.*: nothing to do/,
  written: ["hostname", "hosts", "mark"],
};

/** A first boot that does not get as far as the first request. */
export const NOTHING: Outcome = { code: 0, requests: "nothing", written: [] };

/**
 * The unit's program cannot begin, and the fallback provisions.
 *
 * @param code What the unit fails with.
 */
export function byFallback(code: number): Booted {
  return {
    first: { code, fallback: 0, requests: "Ready, goal state, metadata" },
    next: { code: 0, requests: "metadata" },
  };
}

/** Most of a faulty first boot is waiting. */
const AT_A_TIME = 4;

/**
 * Registers a test for each case; the cases that run are played side by side.
 */
export function faultTests(cases: readonly FaultCase[]): void {
  const playable = cases.filter((it) => obstacleOf(it) === undefined);
  const results = pool(playable.map((it) => () => runCase(it)), AT_A_TIME);
  for (const it of cases) {
    faultTest(
      `a first boot ${it.name}`,
      { ...it, shared: true },
      () => results[playable.indexOf(it)]!(),
    );
  }
}

async function runCase(it: FaultCase): Promise<void> {
  await using machine = await makeMachine();
  if (it.prepare !== undefined) await machine.succeed(it.prepare);
  const start = it.start ?? PLAIN_START;
  const boot = (script: string, outcome: Outcome) =>
    checkBoot(machine, script, it, outcome);
  await boot(start, it.first);
  if (it.after !== undefined) {
    assertEquals(await machine.succeed(it.after.script), it.after.prints);
  }
  if (it.repair !== undefined) await machine.succeed(it.repair);
  await boot(it.nextIsPlain ? PLAIN_START : start, it.next);
}

async function checkBoot(
  machine: Machine,
  script: string,
  { platform: faults = [], vm }: Pick<FaultCase, "platform" | "vm">,
  expected: Outcome,
): Promise<void> {
  await using platform = faults === "none"
    ? undefined
    : await machine.startPlatform(faults, vm);
  const startedAt = performance.now();
  await using running = machine.start(script);
  const { code, stdout, stderr } = await running.end;
  const seconds = (performance.now() - startedAt) / 1000;
  const seen = await platform?.stop();
  const disk = await readDisk(machine);
  const story = `exit ${code}\n${stdout}${stderr}\n${seen?.lines.join("\n")}`;
  assertEquals(code, expected.code, story);
  assertEquals(stdout, "", story);
  if (expected.log === undefined) assertEquals(stderr, "", story);
  else assertMatch(stderr, expected.log);
  if (seen !== undefined) {
    assertEquals(seen.refusals, []);
    const { requests } = expected;
    if (requests instanceof RegExp) {
      assertMatch(requestsOf(seen.lines), requests);
    } else assertEquals(requestsOf(seen.lines), requests, story);
  }
  assertEquals(writtenOn(disk), expected.written, story);
  assertEquals(disk.temporary, expected.temporary ?? [], story);
  assertEquals(
    seconds < (expected.withinS ?? 60),
    true,
    `It took ${seconds.toFixed(1)} s`,
  );
}
