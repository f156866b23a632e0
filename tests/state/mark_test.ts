import { assertEquals } from "@std/assert";
import {
  formatMark,
  type Mark,
  ownerOf,
  type Ownership,
  parseMark,
} from "../../lib/state/mark.ts";

const AT = { at: "2026-01-02T03:04:05.678Z", version: "1.2.3" };

for (const mark of [{ ...AT, vmId: "id" }, AT] as readonly Mark[]) {
  Deno.test(`parseMark() reads what formatMark() wrote ${mark.vmId ? "with" : "without"} an id`, () => {
    const text = formatMark(mark);
    assertEquals(parseMark(text), mark);
    assertEquals(text.endsWith("}\n"), true);
  });
}

Deno.test("parseMark() takes what it does not know, and leaves it out", () => {
  assertEquals(parseMark(JSON.stringify({ ...AT, vmId: "id", new: 1 })), {
    ...AT,
    vmId: "id",
  });
});

Deno.test("parseMark() takes an id that is none for absent", () => {
  for (const vmId of ["", 1, null, {}]) {
    assertEquals(parseMark(JSON.stringify({ ...AT, vmId })), AT);
  }
});

for (
  const text of [
    "",
    " ",
    "done",
    "null",
    "1",
    '"x"',
    "[]",
    "{}",
    '{"at": "x"}',
    '{"version": "x"}',
    '{"at": 1, "version": "x"}',
    '{"at": "x", "version": null}',
    formatMark(AT).slice(0, -5),
    "\0\0\0\0",
  ]
) {
  Deno.test(`parseMark() finds no mark in ${JSON.stringify(text)}`, () => {
    assertEquals(parseMark(text), undefined);
  });
}

const OWNERS: readonly (readonly [
  mark: string | undefined,
  vm: string | undefined,
  Ownership,
])[] = [
  ["id", "id", "same"],
  ["ID-a", "id-A", "same"],
  ["id", "other", "another"],
  ["id", "id2", "another"],
  ["id", undefined, "same"],
  [undefined, "id", "unknown"],
  [undefined, undefined, "unknown"],
];

for (const [mark, vm, owner] of OWNERS) {
  Deno.test(`ownerOf() is "${owner}" for a mark of ${mark} on the VM ${vm}`, () => {
    assertEquals(
      ownerOf({ ...AT, ...(mark === undefined ? {} : { vmId: mark }) }, vm),
      owner,
    );
  });
}
