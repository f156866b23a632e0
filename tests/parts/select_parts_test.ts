import { assertEquals } from "@std/assert";
import type { Part } from "../../lib/parts/part.ts";
import { PARTS } from "../../lib/parts/parts.ts";
import {
  contradictions,
  overrideLists,
  selectParts,
  unusedPermissions,
} from "../../lib/parts/select_parts.ts";

function part(name: string, isDefault: boolean): Part {
  return {
    name,
    summary: "",
    needs: "",
    programs: [],
    paths: [],
    default: isDefault,
    optional: false,
    wanted: ({ adminUsername }) => adminUsername !== undefined,
    run: () => ({ kind: "done", what: "" }),
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

Deno.test("the table's parts have names of their own", () => {
  assertEquals(new Set(PARTS.map(({ name }) => name)).size, PARTS.length);
});

Deno.test("unusedPermissions() has what only parts that are left out need", () => {
  const table = [
    { ...part("a", true), programs: ["x", "y"], paths: ["/x", "/y"] },
    { ...part("b", true), programs: ["y", "z"], paths: ["/y", "/z"] },
  ];
  const unused = (...withoutParts: string[]) =>
    unusedPermissions(table, selectParts(table, { ...NONE, withoutParts }));
  assertEquals(unused(), { programs: [], paths: [] });
  assertEquals(unused("a"), { programs: ["x"], paths: ["/x"] });
  assertEquals(new Set(unused("a", "b").paths), new Set(["/x", "/y", "/z"]));
});
