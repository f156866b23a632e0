import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  documentParts,
  fillTemplate,
  type Findings,
  plots,
} from "./_document.ts";
import { ROOT } from "../helpers/program.ts";

const FINDINGS: Findings = {
  machine: ["a machine"],
  date: "2026-01-02",
  command: "tools/dev bench --rounds 1",
  rounds: 1,
  cold: "evict",
  delayMs: 20,
  contestants: [{
    name: "ours",
    title: "this <program>",
    argv: ["/p"],
    packages: [],
    programs: [],
    copies: {},
    reports: true,
    names: true,
  }],
  leftOut: ["the same in C: no compiler"],
  samples: [
    {
      ...{ name: "ours", round: 0, condition: "warm" },
      ...{ wallMs: 51, cpuMs: 48, readBytes: 0 },
    },
    {
      ...{ name: "ours", round: 0, condition: "memory" },
      ...{ residentBytes: 60e6, unevictableBytes: 20e6 },
    },
  ],
  phases: new Map([["ours", [{ name: "exit", ms: 1.25 }]]]),
  sizes: new Map([["ours", { files: 1, bytes: 98e6, xzBytes: 23e6 }]]),
  growths: [{
    title: "Role instances in the goal state",
    unit: "instances",
    memory: "Unevictable",
    costs: [1, 10, 100].map((size) => ({ size, wallMs: size, cpuMs: size })),
  }],
  boots: "boots\n",
};

Deno.test("documentParts() says who was measured, how, and who was not", () => {
  const parts = documentParts(FINDINGS);
  assertStringIncludes(
    parts.machine!,
    "Measured on 2026-01-02 in 1 rounds, with `tools/dev bench --rounds 1`",
  );
  assertStringIncludes(parts.machine!, "- Not measured here: the same in C");
  assertStringIncludes(parts.warm!, "| this <program> | 51.0 (51.0-51.0) |");
  assertStringIncludes(parts.memory!, "| this <program> | 60.0 | 20.0 |");
  assertStringIncludes(parts.sizes!, "| 1 | 98.0 | 23.0 | - |");
  assertStringIncludes(parts.phases!, "| exit | 1.3 |");
  assertStringIncludes(parts.growth!, "1000.00 ms of CPU for each 1,000");
});

Deno.test("the template has a place for every part, and no other", async () => {
  const template = await Deno.readTextFile(`${ROOT}tests/bench/performance.md`);
  const filled = fillTemplate(template, documentParts(FINDINGS));
  assertEquals(/^<!-- [a-z]+ -->$/m.test(filled), false);
});

Deno.test("every plot that the document shows is drawn", async () => {
  const template = await Deno.readTextFile(`${ROOT}tests/bench/performance.md`);
  const filled = fillTemplate(template, documentParts(FINDINGS));
  const shown = [...filled.matchAll(/\]\((\w+\.svg)\)/g)].map((it) => it[1]);
  const drawn = plots(FINDINGS);
  assertEquals(Object.keys(drawn).sort(), shown.toSorted());
  assertStringIncludes(drawn["performance_warm.svg"]!, "this &lt;program&gt;");
});

Deno.test("fillTemplate() wants a part for each place, and a place for each part", () => {
  assertEquals(fillTemplate("a\n<!-- b -->\n", { b: "c" }), "a\nc\n");
  assertThrows(
    () => fillTemplate("<!-- b -->", {}),
    Error,
    'place for "b", which is not a part',
  );
  assertThrows(
    () => fillTemplate("", { b: "c" }),
    Error,
    'has no place for "b"',
  );
});
