import { run } from "../helpers/command.ts";
import { DENO_FLAGS, ROOT } from "../helpers/program.ts";
import type { Entry } from "./_inside.ts";
import { measure } from "./_measure.ts";
import { makeRoot } from "./_root.ts";
import { timed, weighed } from "./_samples.ts";
import { median } from "./_statistics.ts";

/** The cost of work of some size. */
export interface Cost {
  /** The size of the work. */
  readonly size: number;
  /** From start to end, in milliseconds. */
  readonly wallMs: number;
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
  /** Memory, in bytes, if it can be measured. */
  readonly memoryBytes?: number;
}

/** How the costs of one kind of work grow with its size. */
export interface Growth {
  /** What grows. */
  readonly title: string;
  /** Its unit. */
  readonly unit: string;
  /** The kind of memory that is measured. */
  readonly memory: "Unevictable" | "Held";
  /** The costs, by size. */
  readonly costs: readonly Cost[];
}

interface Work {
  readonly title: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Files that it needs, by path. */
  readonly file?: (size: number) => string;
  readonly args: (size: number) => readonly string[];
}

const PROGRAM = "/usr/local/bin/azure-provisioning";

const IDS = [
  "--incarnation",
  "42",
  "--container-id",
  "container",
  "--instance-id",
  "instance",
];

const WORKS: readonly Work[] = [
  {
    title: "Size of the goal state",
    unit: "bytes",
    sizes: [1, 4, 16, 64, 256, 1024].map((kib) => kib * 1024),
    file: goalStateOfSize,
    args: (size) => ["goal-state", `/bench/bytes-${size}`],
  },
  {
    title: "Role instances in the goal state",
    unit: "instances",
    sizes: [1, 10, 100, 1000],
    file: goalStateWithInstances,
    args: (size) => ["goal-state", `/bench/instances-${size}`],
  },
  {
    title: "Description in a report of a failure",
    unit: "bytes",
    sizes: [1, 16, 256, 1024, 4096],
    args: (size) => [
      "health",
      "not-ready",
      "--dry-run",
      ...IDS,
      "--description",
      "x".repeat(size),
    ],
  },
];

/** The numbers of retries to play. */
const RETRIES = [1, 10, 100, 1000, 10_000];

/**
 * Measures how costs grow.
 *
 * @param options The compiled program, a folder to work in, and how often to measure.
 * @returns A growth for each kind of work.
 */
export async function measureGrowth(options: {
  readonly binary: string;
  readonly folder: string;
  readonly rounds: number;
}): Promise<Growth[]> {
  const { binary, folder, rounds } = options;
  const root = `${folder}/growth`;
  await Deno.mkdir(root);
  await makeRoot(root, {
    files: [],
    programs: [],
    copies: { [PROGRAM]: binary },
  });
  const entries = await Promise.all(
    WORKS.flatMap((work) =>
      work.sizes.map((size) => entryOf(work, size, root))
    ),
  );
  const samples = await measure({
    ...{ entries, rounds, cold: "evict", delayMs: 0, traces: folder },
    conditions: ["warm", "memory"],
  });
  const costOf = (name: string, size: number): Cost => {
    const runs = timed(samples, name, "warm");
    const held = weighed(samples, name);
    return {
      size,
      wallMs: median(runs.map((it) => it.wallMs)),
      cpuMs: median(runs.map((it) => it.cpuMs)),
      ...(held.length === 0 ? {} : {
        memoryBytes: median(held.map((it) => it.unevictableBytes)),
      }),
    };
  };
  return [
    ...WORKS.map(({ title, unit, sizes }) => ({
      title,
      unit,
      memory: "Unevictable" as const,
      costs: sizes.map((size) => costOf(nameOf(title, size), size)),
    })),
    await measureRetries(rounds),
  ];
}

async function entryOf(
  { title, file, args }: Work,
  size: number,
  root: string,
): Promise<Entry> {
  if (file !== undefined) {
    await Deno.writeTextFile(`${root}${args(size).at(-1)}`, file(size));
  }
  return {
    name: nameOf(title, size),
    root,
    argv: [PROGRAM, ...args(size)],
    reports: false,
    names: false,
  };
}

function nameOf(title: string, size: number): string {
  return `${title}: ${size}`;
}

/** The clock only advances with the waits, so only the work counts. */
async function measureRetries(rounds: number): Promise<Growth> {
  const costs: Cost[] = [];
  for (const size of RETRIES) {
    const played: { ms: number; heldBytes: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const { stdout, stderr, code } = await run(Deno.execPath(), [
        "run",
        "-A",
        "--cached-only",
        "--v8-flags=--expose-gc",
        ...DENO_FLAGS,
        `${ROOT}tests/bench/_retries.ts`,
        String(size),
      ]);
      if (code !== 0) throw new Error(stderr);
      played.push(JSON.parse(stdout));
    }
    const ms = median(played.map((it) => it.ms));
    costs.push({
      ...{ size, wallMs: ms, cpuMs: ms },
      memoryBytes: median(played.map((it) => it.heldBytes)),
    });
  }
  return {
    title: "Retries, in Deno itself",
    unit: "tries",
    memory: "Held",
    costs,
  };
}

/**
 * Makes a goal state of a size.
 *
 * @param bytes The size; at least 400.
 * @returns The goal state, of ASCII.
 */
export function goalStateOfSize(bytes: number): string {
  const empty = goalState(roleInstance(0, ""));
  return goalState(roleInstance(0, "x".repeat(bytes - empty.length)));
}

/** Makes a goal state with role instances. */
export function goalStateWithInstances(count: number): string {
  const instances = Array.from(
    { length: count },
    (_, index) => roleInstance(index, "http://168.63.129.16:80/machine/x"),
  );
  return goalState(instances.join(""));
}

function goalState(instances: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<GoalState><Version>2012-11-30</Version><Incarnation>42</Incarnation><Container>
<ContainerId>7b324f53-983a-43bc-b919-1775d6077608</ContainerId>
<RoleInstanceList>${instances}</RoleInstanceList></Container></GoalState>
`;
}

function roleInstance(index: number, config: string): string {
  return `<RoleInstance><InstanceId>instance-${index}</InstanceId><State>Started</State><Configuration><SharedConfig>${config}</SharedConfig></Configuration></RoleInstance>`;
}
