import { assertEquals } from "@std/assert";
import { parseRecord } from "../../lib/record/read_record.ts";
import { GOOD } from "../status/_records.ts";

Deno.test("parseRecord() reads a record, with what it does not know", () => {
  const record = { ...GOOD, more: 1 };
  assertEquals<unknown>(parseRecord(JSON.stringify(record)), record);
});

Deno.test("parseRecord() reads the record of a run that left a machine alone", () => {
  const record = { ...GOOD, outcome: "not on Azure" };
  assertEquals<unknown>(parseRecord(JSON.stringify(record)), record);
});

const WRONG: Readonly<Record<string, unknown>> = {
  "no record at all": null,
  "another form": { ...GOOD, format: 2 },
  "no version": { ...GOOD, version: undefined },
  "no date": { ...GOOD, startedAt: "yesterday" },
  "another outcome": { ...GOOD, outcome: "interrupted" },
  "a negative time": { ...GOOD, durationMs: -1 },
  "another health": { ...GOOD, health: "Well" },
  "an error that is a text": { ...GOOD, error: "x" },
  "phases that are no list": { ...GOOD, phases: {} },
  "a phase that ends before it begins": {
    ...GOOD,
    phases: [{ name: "a", startMs: 2, endMs: 1, outcome: "done" }],
  },
  "a phase with another outcome": {
    ...GOOD,
    phases: [{ name: "a", startMs: 1, endMs: 1, outcome: "well" }],
  },
  "a call without what": { ...GOOD, calls: [{ ...GOOD.calls[0], what: 1 }] },
  "a call that is null": { ...GOOD, calls: [null] },
  "more phases than any run has": {
    ...GOOD,
    phases: Array(101).fill({
      ...{ name: "a", startMs: 1, endMs: 1, outcome: "done" },
    }),
  },
  "more calls than are kept": {
    ...GOOD,
    calls: Array(201).fill(GOOD.calls[0]),
  },
  "no number of calls": { ...GOOD, moreCalls: "1" },
};

for (const [what, value] of Object.entries(WRONG)) {
  Deno.test(`parseRecord() refuses ${what}`, () => {
    assertEquals(parseRecord(JSON.stringify(value)), undefined);
  });
}

Deno.test("parseRecord() refuses what is no JSON, such as half a record", () => {
  const text = JSON.stringify(GOOD);
  for (const length of [0, 1, text.length / 2, text.length - 1]) {
    assertEquals(parseRecord(text.slice(0, length)), undefined);
  }
});
