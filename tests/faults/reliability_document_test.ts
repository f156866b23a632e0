import { assert, assertEquals } from "@std/assert";
import { PROMISES } from "./_promises.ts";
import { MACHINE_CHAPTERS } from "./machine/mod.ts";
import { expectedCells, machineRow } from "./_reliability.ts";
import { CHAPTERS } from "./platform/mod.ts";

/** Blanks that line up a table, and lines that break a paragraph, say nothing. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

const DOCUMENT = plain(
  await Deno.readTextFile(
    new URL("../../docs/reliability.md", import.meta.url),
  ),
);
const SCENARIOS = CHAPTERS.flatMap(({ scenarios }) => scenarios);

Deno.test("docs/reliability.md has every scenario as the table of scenarios has it", () => {
  for (const scenario of SCENARIOS) {
    assert(
      DOCUMENT.includes(plain(`${expectedCells(scenario)}|`)),
      `Run "tools/dev reliability": it lacks a platform that ${scenario.name}`,
    );
  }
});

Deno.test("docs/reliability.md has every fault of the machine", () => {
  for (const chapter of MACHINE_CHAPTERS) {
    for (const it of chapter.cases) {
      assert(
        DOCUMENT.includes(plain(machineRow(chapter, it))),
        `Run "tools/dev reliability": it lacks a first boot ${it.name}`,
      );
    }
  }
});

Deno.test("docs/reliability.md has every promise", () => {
  for (const [promise] of PROMISES) assert(DOCUMENT.includes(`- ${promise}.`));
});

Deno.test("every scenario has a name of its own", () => {
  const names = SCENARIOS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
});
