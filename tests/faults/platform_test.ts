import { assertEquals } from "@std/assert";
import { runPlatformCase } from "./_platform_case.ts";
import { pool } from "../helpers/pool.ts";
import { brokenPromises } from "./_promises.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { faultTest } from "./_register.ts";
import { differences } from "./_scenario.ts";
import { CHAPTERS } from "./platform/mod.ts";

/** Most of a faulty first boot is waiting. */
const AT_A_TIME = 6;

const SCENARIOS = CHAPTERS.flatMap(({ scenarios }) => scenarios)
  .filter(({ slow }) => !slow || RUNS_ALL);

const runs = pool(
  SCENARIOS.map((scenario) => () => runPlatformCase(scenario)),
  AT_A_TIME,
);

for (const [index, scenario] of SCENARIOS.entries()) {
  faultTest(
    `a first boot with a platform that ${scenario.name}`,
    { shared: true },
    async () => {
      const run = await runs[index]!();
      const story = JSON.stringify(run, null, 2);
      assertEquals(differences(scenario, run), [], story);
      assertEquals(brokenPromises(run, scenario), [], story);
    },
  );
}
