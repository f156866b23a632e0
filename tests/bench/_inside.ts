/**
 * The part of the benchmark that starts programs. It only runs in namespaces of its own.
 * Its argument is a {@linkcode Plan}; it prints a `Sample` on each line.
 *
 * @module
 */

import { run, succeed } from "../helpers/command.ts";
import { evict, launch } from "./_launch.ts";
import { memoryPeak } from "./_memory_peak.ts";
import { COMPUTER_NAME, CONTROL } from "./_platform.ts";
import { IMAGE_FILES } from "./_root.ts";
import type { Condition, Sample } from "./_samples.ts";

/** One program to measure. */
export interface Entry {
  /** Its name. */
  readonly name: string;
  /** The folder that is its root. */
  readonly root: string;
  /** Its command line. */
  readonly argv: readonly [string, ...string[]];
  /** Variables of its environment, such as `NAME=VALUE`. */
  readonly env?: readonly string[];
  /** Whether it has to report to the platform. */
  readonly reports: boolean;
  /** Whether it has to set the host name. */
  readonly names: boolean;
}

/** What to measure. */
export interface Plan {
  /** The namespaces of the caller, in which nothing may be started. */
  readonly outside: readonly string[];
  /** The programs. */
  readonly entries: readonly Entry[];
  /** How often each is measured. */
  readonly rounds: number;
  /** The conditions: in each round, all programs run under one, then all under the next. */
  readonly conditions: readonly Sample["condition"][];
  /** How a run is made cold: evict the files of the root, or drop the whole page cache. */
  readonly cold: "evict" | "drop";
  /** The folder for the traces. */
  readonly traces: string;
  /** How long a slow platform takes to answer, in milliseconds. */
  readonly delayMs: number;
}

/** The calls that tell the phases apart; others are not traced, so they cost nothing. */
const TRACED_CALLS = [
  "execve",
  "openat",
  "mkdir",
  "connect",
  "exit_group",
  "prlimit64",
  "rt_sigaction",
  "statx",
];

/** The file for a program's output, inside its root. */
const OUTPUT = "/run/output";

/** The namespaces that a measured program has to itself. */
export const NAMESPACES = ["net", "uts", "mnt"] as const;

async function main(plan: Plan): Promise<void> {
  refuseOutside(plan.outside);
  for (const root of new Set(plan.entries.map((it) => it.root))) {
    await mountInto(root);
  }
  await succeed("sync", [], 600_000);
  for (let round = 0; round < plan.rounds; round++) {
    await playRound(plan, round);
  }
}

async function playRound(plan: Plan, round: number): Promise<void> {
  // No program always has the same neighbour.
  const shift = round % plan.entries.length;
  const entries = [
    ...plan.entries.slice(shift),
    ...plan.entries.slice(0, shift),
  ];
  for (const condition of plan.conditions) {
    await slowDown(condition === "delayed" ? plan.delayMs : 0);
    for (const entry of entries) {
      if (condition === "memory") await weigh(entry, round);
      else if (condition === "trace") await trace(entry, round, plan);
      else if (condition === "count") await count(entry, round);
      else await time(entry, condition, round, plan);
    }
  }
}

async function time(
  entry: Entry,
  condition: Condition,
  round: number,
  plan: Plan,
): Promise<void> {
  await prepare(entry);
  if (condition === "cold") await makeCold(entry, plan.cold);
  const before = await reports();
  const { code, ...counts } = launch({ ...entry, output: OUTPUT });
  await checkEnd(entry, code, before);
  print({ name: entry.name, round, condition, ...counts });
}

async function weigh(entry: Entry, round: number): Promise<void> {
  await prepare(entry);
  const before = await reports();
  let code = 0;
  const peak = await memoryPeak(async (entrance) => {
    ({ code } = await run("sh", [
      "-c",
      'echo 0 >"$0"; output=$1; shift; exec env "$@" >"$output"',
      entrance,
      `${entry.root}${OUTPUT}`,
      ...(entry.env ?? []),
      "chroot",
      entry.root,
      ...entry.argv,
    ]));
  });
  if (peak === undefined) return;
  await checkEnd(entry, code, before);
  print({ name: entry.name, round, condition: "memory", ...peak });
}

/** Records the system calls, and when they were made. */
async function trace(entry: Entry, round: number, plan: Plan): Promise<void> {
  await prepare(entry);
  const before = await reports();
  const file = `${plan.traces}/${entry.name}.${round}.strace`;
  const { code } = await run("sh", [
    "-c",
    'output=$0; exec "$@" >"$output" 2>&1',
    `${entry.root}${OUTPUT}`,
    "strace",
    "-f",
    "-ttt",
    "--seccomp-bpf",
    `--trace=${TRACED_CALLS.join()}`,
    "--output",
    file,
    "chroot",
    entry.root,
    ...entry.argv,
  ]);
  await checkEnd(entry, code, before);
  print({ name: entry.name, round, condition: "trace", file });
}

/** Needs valgrind in the entry's root. */
async function count(entry: Entry, round: number): Promise<void> {
  await prepare(entry);
  const before = await reports();
  const output = `${entry.root}${OUTPUT}`;
  const { code } = await run("sh", [
    "-c",
    'output=$0; exec env "$@" >"$output" 2>&1',
    output,
    "VALGRIND_LIB=/usr/libexec/valgrind",
    ...(entry.env ?? []),
    "chroot",
    entry.root,
    "/usr/bin/valgrind.bin",
    "--tool=callgrind",
    "--callgrind-out-file=/dev/null",
    ...entry.argv,
  ]);
  await checkEnd(entry, code, before);
  const found = /Collected : (\d+)/.exec(await Deno.readTextFile(output));
  const instructions = Number(found?.[1]);
  print({ name: entry.name, round, condition: "count", instructions });
}

/** Makes the root that of a VM that has not been provisioned. */
async function prepare({ root }: Entry): Promise<void> {
  await Deno.remove(`${root}/var/lib/azure-provisioning`, { recursive: true })
    .catch(() => {});
  for (const [name, text] of Object.entries(IMAGE_FILES)) {
    await Deno.writeTextFile(`${root}/${name}`, text);
  }
  await Deno.writeTextFile("/proc/sys/kernel/hostname", "image");
  await succeed("sync", ["--file-system", root], 600_000);
}

const filesByRoot = new Map<string, readonly string[]>();

async function makeCold({ root }: Entry, how: Plan["cold"]): Promise<void> {
  if (how === "drop") {
    await Deno.writeTextFile("/proc/sys/vm/drop_caches", "3");
    return;
  }
  let files = filesByRoot.get(root);
  if (files === undefined) {
    const found = await succeed("find", [root, "-xdev", "-type", "f"]);
    files = found.trim().split("\n");
    filesByRoot.set(root, files);
  }
  for (const file of files) {
    if (await Deno.lstat(file).catch(() => undefined)) evict(file);
  }
}

async function checkEnd(
  { name, root, reports: reporting, names }: Entry,
  code: number,
  before: number,
): Promise<void> {
  const told = await reports() - before;
  const wanted = reporting ? 1 : 0;
  const hostName = names ? COMPUTER_NAME : "image";
  if (code === 0 && told === wanted && Deno.hostname() === hostName) return;
  const words = await Deno.readTextFile(`${root}${OUTPUT}`).catch(String);
  throw new Error(
    `${name} ended with ${code}, ${told} reports and the host name "${Deno.hostname()}":\n${words}`,
  );
}

/** Mounts in this process's own namespace, so nothing is left behind. */
async function mountInto(root: string): Promise<void> {
  await succeed("mount", ["-t", "proc", "none", `${root}/proc`]);
  await succeed("mount", ["-t", "tmpfs", "none", `${root}/run`]);
  await succeed("mount", ["--bind", "/dev/null", `${root}/dev/null`]);
}

async function slowDown(ms: number): Promise<void> {
  await (await fetch(`${CONTROL}?delay=${ms}`)).body?.cancel();
}

async function reports(): Promise<number> {
  return (await (await fetch(CONTROL)).json()).reports;
}

/** In the caller's namespaces, the programs would rename this machine and report to a real platform. */
function refuseOutside(outside: readonly string[]): void {
  for (const [index, name] of NAMESPACES.entries()) {
    const own = Deno.readLinkSync(`/proc/self/ns/${name}`);
    if (outside[index] === undefined || own === outside[index]) {
      throw new Error(`Refusing to measure outside of a namespace (${name})`);
    }
  }
}

function print(sample: Sample): void {
  console.log(JSON.stringify(sample));
}

if (import.meta.main) {
  await main(JSON.parse(Deno.args[0]!));
  Deno.exit();
}
