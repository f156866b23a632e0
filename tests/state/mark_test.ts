import { assertEquals } from "@std/assert";
import {
  formatMark,
  type Mark,
  ownerOf,
  type Ownership,
  parseMark,
  type VmIdentity,
} from "../../lib/state/mark.ts";

const ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const AT = { at: "2026-01-02T03:04:05.678Z", version: "1.2.3" };

for (
  const [what, mark] of [
    ["both ids", { ...AT, vmId: ID, instanceId: "i._1" }],
    ["the VM's id", { ...AT, vmId: ID }],
    ["the role instance", { ...AT, instanceId: "i._1" }],
    ["no id", AT],
  ] as readonly (readonly [string, Mark])[]
) {
  Deno.test(`parseMark() reads what formatMark() wrote with ${what}`, () => {
    const text = formatMark(mark);
    assertEquals(parseMark(text), mark);
    assertEquals(text.endsWith("}\n"), true);
  });
}

Deno.test("parseMark() takes what it does not know, and leaves it out", () => {
  assertEquals(parseMark(JSON.stringify({ ...AT, vmId: ID, new: 1 })), {
    ...AT,
    vmId: ID,
  });
});

Deno.test("parseMark() takes an id that is none for absent", () => {
  for (const id of ["", 1, null, {}]) {
    assertEquals(parseMark(JSON.stringify({ ...AT, vmId: id })), AT);
    assertEquals(parseMark(JSON.stringify({ ...AT, instanceId: id })), AT);
  }
});

Deno.test("parseMark() takes a vmId that many VMs may have for absent", () => {
  for (
    const vmId of [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "Not Settable",
      `${ID}0`,
    ]
  ) {
    const text = JSON.stringify({ ...AT, vmId, instanceId: "i._1" });
    assertEquals(parseMark(text), { ...AT, instanceId: "i._1" });
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

const MARK_A = { vmId: "id", instanceId: "i._1" };

const OWNERS: readonly (readonly [
  mark: VmIdentity,
  vm: VmIdentity,
  Ownership,
])[] = [
  // The VM's id decides where there are two, whatever the role instances are.
  [{ vmId: "id" }, { vmId: "id" }, "same"],
  [{ vmId: "ID-a" }, { vmId: "id-A" }, "same"],
  [MARK_A, { vmId: "id", instanceId: "i._2" }, "same"],
  [{ vmId: "id" }, { vmId: "other" }, "another"],
  [{ vmId: "id" }, { vmId: "id2" }, "another"],
  [MARK_A, { vmId: "other", instanceId: "i._1" }, "another"],
  // Where one is missing, the role instance does.
  [MARK_A, { instanceId: "i._1" }, "same"],
  [MARK_A, { instanceId: "I._1" }, "same"],
  [MARK_A, { instanceId: "i._2" }, "another"],
  [{ instanceId: "i._1" }, { vmId: "id", instanceId: "i._1" }, "same"],
  [{ instanceId: "i._1" }, { vmId: "id", instanceId: "i._11" }, "another"],
  // Neither can be compared.
  [{ vmId: "id" }, {}, "unknown"],
  [{ vmId: "id" }, { vmId: undefined, instanceId: undefined }, "unknown"],
  [{ vmId: "id" }, { instanceId: "id" }, "unknown"],
  [{ instanceId: "id" }, { vmId: "id" }, "unknown"],
  [{}, { vmId: "id", instanceId: "i._1" }, "unknown"],
  [MARK_A, {}, "unknown"],
  [{}, {}, "unknown"],
];

for (const [mark, vm, owner] of OWNERS) {
  const [markText, vmText] = [mark, vm].map((it) =>
    `${it.vmId ?? "no id"} and ${it.instanceId ?? "no instance"}`
  );
  const keys = Object.keys(vm).join();
  Deno.test(`ownerOf() is "${owner}" for a mark of ${markText} on a VM of ${vmText} (${keys})`, () => {
    assertEquals(ownerOf({ ...AT, ...mark } as Mark, vm), owner);
  });
}
