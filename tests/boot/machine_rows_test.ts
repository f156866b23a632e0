import { assertEquals, assertMatch } from "@std/assert";
import { playRow, type UnitEnd } from "./_played_row.ts";
import { INIT_RECIPES } from "./_recipes.ts";
import { sharedImageTest } from "./_shared_image.ts";
import { bootedOutcomes } from "../faults/_booted.ts";
import type { BootedEnd } from "../faults/_fault_case.ts";
import { MACHINE_CHAPTERS } from "../faults/machine/mod.ts";

const RECIPES = INIT_RECIPES.filter(({ init }) => init === "systemd");

for (const chapter of MACHINE_CHAPTERS) {
  for (const row of chapter.cases) {
    const ends = bootedOutcomes(chapter, row);
    if (ends === undefined) continue;
    for (const recipe of RECIPES) {
      sharedImageTest(
        `${recipe.name}: the unit, booted on a machine ${row.name}`,
        recipe,
        async (image) => {
          const [first, next] = await playRow(image, row);
          assertEnd(first, ends[0]);
          assertEnd(next, ends[1]);
        },
        row.obstacle,
      );
    }
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
