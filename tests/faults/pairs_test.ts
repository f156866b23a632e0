import { assertEquals } from "@std/assert";
import { FAULT_NAMES } from "../../lib/simulator/fault_table.ts";
import { runPlatformCase } from "./_platform_case.ts";
import { pool } from "../helpers/pool.ts";
import { brokenPromises } from "./_promises.ts";
import { faultTest } from "./_register.ts";

/** Statuses of every kind: moved, final, passing, busy. */
const STATUSES = ["302", "400", "403", "404", "410", "429", "500", "503"];
const NAMES = [...FAULT_NAMES, ...STATUSES];
const AT_A_TIME = 8;
const TIMEOUT_S = 2;

/** One of the two is played once, and the other one for ever after. */
const PAIRS = NAMES.flatMap((first, index) =>
  NAMES.slice(index + 1).map((second) => ({
    first,
    faults: [once(first), forEver(second)],
  }))
);

const runs = pool(
  PAIRS.map(({ faults }) => () =>
    runPlatformCase({ faults, timeoutS: TIMEOUT_S })
  ),
  AT_A_TIME,
);

for (const name of NAMES.slice(0, -1)) {
  faultTest(
    `a first boot keeps its promises with a platform that plays ${name} and any other fault`,
    { slow: true, shared: true },
    async () => {
      for (const [index, { first, faults }] of PAIRS.entries()) {
        if (first !== name) continue;
        const run = await runs[index]!();
        assertEquals(
          brokenPromises(run, { timeoutS: TIMEOUT_S }),
          [],
          `${faults.join(", ")}: ${JSON.stringify(run, null, 2)}`,
        );
      }
    },
  );
}

function once(name: string): string {
  return name === "refuse" ? "refuse@metadata" : `${name}=1`;
}

function forEver(name: string): string {
  return name === "late-start" ? "late-start=1" : name;
}
