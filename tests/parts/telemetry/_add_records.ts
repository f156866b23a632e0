/**
 * Adds records to a pool, one at a time: a process of its own for the test of many.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { putInPool } from "../../../lib/parts/telemetry/kvp_pool.ts";

const [path, name, count] = Deno.args;
for (let i = 0; i < Number(count); i++) {
  const value = `${name}-${i}.`.repeat(40);
  await putInPool(path!, [
    { key: `${name}-${i}`, value },
    { key: `${name}-last`, value },
  ], { clock: systemClock });
}
