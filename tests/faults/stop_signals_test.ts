import { assertEquals } from "@std/assert";
import { waitUntil } from "../helpers/wait_until.ts";
import { readDisk, writtenOn } from "./_disk.ts";
import { PLAIN_START } from "./_fault_case.ts";
import { makeMachine } from "./_machine.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { faultTest } from "./_register.ts";

/** What a run does when it is told to stop. */
interface Phase {
  readonly name: string;
  /** Makes it stay there: a shell script that runs inside. */
  readonly prepare?: string;
  /** What is wrong with the platform; `none` for no platform. */
  readonly platform: readonly string[] | "none";
  /** Whether it is there, by its log, by the platform's, or by its process. */
  readonly isThere: (at: {
    readonly log: string;
    readonly seen: string;
    readonly children: readonly string[];
  }) => boolean;
  /** Whether only the full run has it. */
  readonly slow: boolean;
}

const HANGING_HOSTNAME = `mkdir /run/bin; cd /run/bin
  printf '#!/bin/sh\\nexec sleep 1000\\n' >hostname; chmod 755 hostname; cp hostname hostnamectl
  mount -t overlay overlay -o lowerdir=/run/bin:/usr/bin /usr/bin`;

const HANGING_GREP = `mount -t tmpfs none /sys/class; mkdir -p /sys/class/dmi/id
  echo another >/sys/class/dmi/id/chassis_asset_tag
  cp /bin/grep /run/grep; mkdir /run/bin
  printf '#!/bin/sh\\n[ "$1" = -q ] || exec /run/grep "$@"\\nexec sleep 1000\\n' >/run/bin/grep
  chmod 755 /run/bin/grep
  mount -t overlay overlay -o lowerdir=/run/bin:/usr/bin /usr/bin`;

const PHASES: readonly Phase[] = [
  {
    name: "it waits for a connection",
    prepare: `ip neigh add 10.77.0.99 lladdr 02:00:00:00:00:01 dev eth0
      ip route replace default via 10.77.0.99`,
    platform: "none",
    isThere: ({ log }) => log.includes("Retrieving goal state"),
    slow: true,
  },
  {
    name: "it waits for its next try",
    platform: "none",
    isThere: ({ log }) => /Try 3 to get the goal state .* next try/.test(log),
    slow: false,
  },
  {
    name: "it looks at the chassis",
    prepare: HANGING_GREP,
    platform: "none",
    isThere: ({ children }) => children.length > 0,
    slow: false,
  },
  {
    name: "the platform does not answer",
    platform: ["hang@goal-state"],
    isThere: ({ seen }) => seen.includes("/metadata/instance"),
    slow: true,
  },
  {
    name: "a program that sets the host name hangs",
    prepare: HANGING_HOSTNAME,
    platform: [],
    isThere: ({ children }) => children.length > 0,
    slow: false,
  },
  {
    name: "the platform does not answer its report",
    platform: ["hang@health"],
    isThere: ({ log }) => log.includes("<State>Ready</State>"),
    slow: true,
  },
];

const SIGNALS = [
  { signal: "SIGTERM", code: 143 },
  { signal: "SIGINT", code: 130 },
  { signal: "SIGHUP", code: 129 },
] as const;

for (const phase of PHASES) {
  for (const { signal, code } of SIGNALS) {
    faultTest(
      `${signal} while ${phase.name} ends a run soon, with one line and nothing left behind`,
      { slow: phase.slow || signal === "SIGHUP" },
      () => stop(phase, signal, code),
    );
  }
}

/** Two seconds are what it may take; beside other tests it gets more. */
const SOON_MS = RUNS_ALL ? 2000 : 5000;

async function stop(
  phase: Phase,
  signal: Deno.Signal,
  code: number,
): Promise<void> {
  await using machine = await makeMachine();
  if (phase.prepare !== undefined) await machine.succeed(phase.prepare);
  await using platform = phase.platform === "none"
    ? undefined
    : await machine.startPlatform(phase.platform);
  await using run = machine.start(PLAIN_START);
  await waitUntil(
    `a run is where ${phase.name}`,
    async () =>
      phase.isThere({
        log: run.output.stderr,
        seen: platform?.seen().lines.join("\n") ?? "",
        children: await childrenOf(run.pid),
      }),
    60_000,
  );
  const children = await childrenOf(run.pid);
  const told = performance.now();
  const before = run.output.stderr;
  run.kill(signal);
  const end = await run.end;
  const tookMs = performance.now() - told;
  assertEquals(end.code, code, end.stderr);
  assertEquals(
    // A try may have failed just before the signal.
    end.stderr.slice(before.length).replace(/^Warning: Try \d.*\n/gm, ""),
    `Error: Stopped by ${signal} before "provision" was done\n`,
    end.stderr,
  );
  assertEquals(tookMs < SOON_MS, true, `It took ${Math.round(tookMs)} ms`);
  for (const child of children) {
    assertEquals(await isRunning(child), false, "A child lives on");
  }
  const view = await platform?.stop();
  assertEquals(view?.ready ?? [], [], "Ready was reported");
  const disk = await readDisk(machine);
  assertEquals(disk.temporary, []);
  assertEquals(writtenOn(disk).includes("mark"), false);
}

async function childrenOf(pid: number): Promise<string[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split(" ").filter((child) => child !== "");
}

/** A process that has ended, and that nobody has asked about, does not run. */
async function isRunning(pid: string): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}
