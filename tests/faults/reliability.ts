/**
 * Runs every scenario of `tests/faults/platform` and writes `docs/reliability.md`.
 *
 * @module
 */

import type { PlatformRun } from "./_platform_case.ts";
import { runPlatformCase } from "./_platform_case.ts";
import { pool } from "../helpers/pool.ts";
import { brokenPromises } from "./_promises.ts";
import { reliabilityDocument } from "./_reliability.ts";
import { differences } from "./_scenario.ts";
import { CHAPTERS } from "./platform/mod.ts";
import { VM_OBSTACLE } from "../helpers/vm.ts";

const FILE = "docs/reliability.md";
const AT_A_TIME = 6;

if (VM_OBSTACLE !== undefined) {
  console.error(`Cannot run the scenarios: ${VM_OBSTACLE}`);
  Deno.exit(77);
}
const scenarios = CHAPTERS.flatMap((chapter) => chapter.scenarios);
const runs = pool(
  scenarios.map((scenario) => () => runPlatformCase(scenario)),
  AT_A_TIME,
);
const measured = new Map<string, PlatformRun>();
let failures = 0;
for (const [index, scenario] of scenarios.entries()) {
  const run = await runs[index]!();
  measured.set(scenario.name, run);
  const problems = [
    ...differences(scenario, run),
    ...brokenPromises(run, scenario),
  ];
  for (const problem of problems) {
    failures++;
    console.error(`A platform that ${scenario.name}: ${problem}`);
  }
}
if (failures > 0) {
  console.error(`${FILE} is left as it is: not all is as it should be`);
  Deno.exit(1);
}
await Deno.writeTextFile(FILE, reliabilityDocument(measured));
const format = await new Deno.Command(Deno.execPath(), {
  args: ["fmt", "-q", FILE],
}).output();
if (!format.success) throw new Error("Cannot format the document");
console.log(`${scenarios.length} scenarios, written to ${FILE}`);
