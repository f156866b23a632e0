import { assertEquals, assertMatch } from "@std/assert";
import { BOOT_OBSTACLE } from "./_obstacle.ts";
import { makeImage } from "./_image.ts";
import { playRow, type UnitEnd } from "./_played_row.ts";
import { PLAIN_RECIPE } from "./_recipes.ts";
import { bootedOutcomes } from "../faults/_booted.ts";
import type { BootedEnd } from "../faults/_fault_case.ts";
import { MACHINE_CHAPTERS } from "../faults/machine/mod.ts";

for (const chapter of MACHINE_CHAPTERS) {
  for (const row of chapter.cases) {
    const ends = bootedOutcomes(chapter, row);
    if (ends === undefined) continue;
    Deno.test({
      name: `the unit, booted on a machine ${row.name}`,
      ignore: (BOOT_OBSTACLE ?? row.obstacle) !== undefined,
      fn: async () => {
        await using image = await makeImage(PLAIN_RECIPE);
        const [first, next] = await playRow(image, row);
        assertEnd(first, ends[0]);
        assertEnd(next, ends[1]);
      },
    });
  }
}

function assertEnd(
  { code, fallback, requests }: UnitEnd,
  expected: BootedEnd,
): void {
  const story = JSON.stringify({ code, fallback, requests });
  assertEquals(code, expected.code, story);
  assertEquals(fallback, expected.fallback, story);
  if (expected.requests instanceof RegExp) {
    assertMatch(requests, expected.requests);
  } else assertEquals(requests, expected.requests ?? "nothing", story);
}
