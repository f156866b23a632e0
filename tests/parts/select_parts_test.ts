import { assertEquals } from "@std/assert";
import type { Part } from "../../lib/parts/part.ts";
import { HOST_NAME_PART, partNames, PARTS } from "../../lib/parts/parts.ts";
import {
  contradictions,
  overrideLists,
  selectParts,
  unusedPrograms,
  wantedParts,
} from "../../lib/parts/select_parts.ts";

function part(name: string, isDefault: boolean): Part {
  return {
    name,
    summary: "",
    needs: "",
    programs: [],
    default: isDefault,
    dispensable: false,
    wanted: ({ adminUsername }) => adminUsername !== undefined,
    load: () => Promise.reject(new Error("not loaded")),
  };
}

const TABLE = [part("a", true), part("b", false), part("c", true)];
const NONE = { withParts: [], withoutParts: [] };

Deno.test("selectParts() takes the defaults where nobody says otherwise", () => {
  assertEquals([...selectParts(TABLE, NONE)], [
    ["a", "selected"],
    ["c", "selected"],
  ]);
});

Deno.test("selectParts() requires what is asked for, in the table's order", () => {
  const lists = { withParts: ["c", "b"], withoutParts: [] };
  assertEquals([...selectParts(TABLE, lists)], [
    ["a", "selected"],
    ["b", "required"],
    ["c", "required"],
  ]);
});

Deno.test("selectParts() leaves out what is not wanted", () => {
  const lists = { withParts: [], withoutParts: ["a", "b"] };
  assertEquals([...selectParts(TABLE, lists)], [["c", "selected"]]);
});

Deno.test("contradictions() names what is asked for and left out", () => {
  const lists = { withParts: ["a", "b"], withoutParts: ["b", "c"] };
  assertEquals(contradictions(lists), ["b"]);
});

Deno.test("overrideLists() lets the stronger word count, part by part", () => {
  assertEquals(
    overrideLists(
      { withParts: ["a", "b"], withoutParts: ["c", "d"] },
      { withParts: ["c", "a"], withoutParts: ["b"] },
    ),
    { withParts: ["c", "a"], withoutParts: ["d", "b"] },
  );
});

Deno.test("wantedParts() finds those that the metadata ask for, and those that are required", () => {
  const selection = new Map([["a", "selected"], ["b", "required"]] as const);
  const names = (instance: { adminUsername?: string }) =>
    wantedParts(TABLE, selection, instance).map(({ name }) => name);
  assertEquals(names({}), ["b"]);
  assertEquals(names({ adminUsername: "ada" }), ["a", "b"]);
});

Deno.test("the table of parts has names of its own, the host name's first", () => {
  assertEquals(new Set(partNames()).size, PARTS.length + 1);
  assertEquals(partNames()[0], HOST_NAME_PART.name);
});

for (const { name, load } of PARTS) {
  Deno.test(`the part "${name}" can be loaded`, async () => {
    assertEquals(typeof (await load()).run, "function");
  });
}

Deno.test("unusedPrograms() has those of the parts that are left out, but not what another part runs", () => {
  const table = [
    { ...part("a", true), programs: ["x", "y"] },
    { ...part("b", true), programs: ["y", "z"] },
  ];
  const unused = (...withoutParts: string[]) =>
    unusedPrograms(table, selectParts(table, { ...NONE, withoutParts }));
  assertEquals(unused(), []);
  assertEquals(unused("a"), ["x"]);
  assertEquals(unused("a", "b"), ["x", "y", "y", "z"]);
});
