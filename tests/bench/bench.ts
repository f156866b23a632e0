/**
 * Measures how fast and how light a first boot is, compared with others, and writes
 * `docs/performance.md`.
 *
 * ```sh
 * deno task bench
 * deno task bench --rounds 2 --quick
 * ```
 *
 * It runs in namespaces of its own, and changes nothing on this machine.
 *
 * @module
 */

import { BINARY } from "../helpers/vm.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import {
  documentParts,
  fillTemplate,
  type Findings,
  plots,
} from "./_document.ts";
import { type Growth, measureGrowth } from "./_growth.ts";
import { makeField } from "./_make.ts";
import { machineWords, measure, measuringObstacle } from "./_measure.ts";
import { MEASURED } from "./boots/_document.ts";
import { type BenchOptions, readOptions } from "./_options.ts";
import { medianPhases } from "./_traces.ts";
import { type AddedSize, addedSize } from "./_sizes.ts";

const DOCUMENT = "docs/performance.md";
const TEMPLATE = "tests/bench/performance.md";
const DELAY_MS = 20;

/** Traced runs are slower, so they have rounds of their own. */
const TRACE_ROUNDS = 5;
const GROWTH_ROUNDS = 5;

async function main(options: BenchOptions): Promise<void> {
  const obstacle = measuringObstacle();
  if (obstacle !== undefined) {
    console.error(`Cannot measure: ${obstacle}`);
    Deno.exit(77);
  }
  // /tmp may be in memory, where nothing is ever cold.
  const folder = await Deno.makeTempDir({
    dir: "/var/tmp",
    prefix: "azure-provisioning-bench-",
  });
  try {
    const findings = await find(folder, options);
    const parts = documentParts(findings);
    for (const name of ["machine", "targets", "warm", "cold", "memory"]) {
      console.log(`\n${parts[name]}`);
    }
    if (!options.quick) await write(findings, parts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function find(
  folder: string,
  { rounds, cold, quick }: BenchOptions,
): Promise<Findings> {
  const field = await makeField({ folder });
  const plan = {
    ...{ entries: field.entries, cold, delayMs: DELAY_MS, traces: folder },
  };
  say(`measuring ${field.entries.length} programs in ${rounds} rounds`);
  const samples = await measure({
    ...plan,
    rounds,
    conditions: ["cold", "warm", "memory", "delayed"],
  });
  const canTrace = missingProgram(["strace"]) === undefined;
  if (canTrace) say("tracing");
  const traced = canTrace
    ? await measure({
      ...plan,
      rounds: quick ? 1 : TRACE_ROUNDS,
      conditions: ["trace"],
    })
    : [];
  const sizes = new Map<string, AddedSize>();
  let growths: Growth[] = [];
  if (!quick) {
    for (const contestant of field.entries) {
      // They are as large as the program.
      if (/^(empty|ours-unnamed)$/.test(contestant.name)) continue;
      say(`compressing ${contestant.title}`);
      sizes.set(
        contestant.name,
        await addedSize(contestant, field.packages),
      );
    }
    say("measuring growth");
    growths = await measureGrowth({
      ...{ binary: BINARY, folder, rounds: GROWTH_ROUNDS },
    });
  }
  return {
    machine: await machineWords(),
    date: new Date().toISOString().slice(0, 10),
    command: ["tools/dev bench", ...Deno.args].join(" "),
    ...{ rounds, cold, delayMs: DELAY_MS },
    contestants: field.entries,
    leftOut: [
      ...field.leftOut,
      ...(canTrace ? [] : ['the phases: the program "strace" is missing']),
    ],
    samples,
    phases: await medianPhases(traced),
    sizes,
    growths,
    boots: await Deno.readTextFile(MEASURED),
  };
}

async function write(
  findings: Findings,
  parts: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, svg] of Object.entries(plots(findings))) {
    await Deno.writeTextFile(`docs/${name}`, svg);
  }
  const template = await Deno.readTextFile(TEMPLATE);
  await Deno.writeTextFile(DOCUMENT, fillTemplate(template, parts));
  const format = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "-q", DOCUMENT],
  }).output();
  if (!format.success) throw new Error("Cannot format the document");
  say(`written to ${DOCUMENT}`);
}

function say(words: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${words}`);
}

if (import.meta.main) {
  try {
    await main(readOptions(Deno.args));
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
