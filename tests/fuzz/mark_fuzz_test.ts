import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatMark, type Mark, ownerOf } from "../../lib/state/mark.ts";
import { checkMark } from "./_check_mark.ts";
import { fuzz } from "./_fuzz.ts";
import { mutate, mutations } from "./_mutations.ts";
import { text, word } from "./_texts.ts";

const room = "mark";

const name = text.map((it) => it || "x");
const mark: fc.Arbitrary<Mark> = fc.record(
  { vmId: fc.uuid(), instanceId: name, at: text, version: text },
  { requiredKeys: ["at", "version"] },
);

fuzz("parseMark() reads what formatMark() wrote", {
  room,
  runs: 400,
  input: mark,
  check: (mark) => {
    // Through UTF-8, as in a file.
    const bytes = new TextEncoder().encode(formatMark(mark));
    const read = checkMark(new TextDecoder().decode(bytes));
    assertEquals(read, { ...mark });
    const { vmId, instanceId } = mark;
    assertEquals(
      ownerOf(mark, { vmId, instanceId }),
      vmId === undefined && instanceId === undefined ? "unknown" : "same",
    );
    if (vmId !== undefined) {
      assertEquals(ownerOf(mark, { vmId: `${vmId}x`, instanceId }), "another");
    }
  },
});

fuzz("parseMark() gives a mark or nothing", {
  room,
  runs: 500,
  input: fc.oneof(
    text,
    fc.json(),
    fc.tuple(mark, mutations(word)).map(([mark, changes]) =>
      mutate(formatMark(mark).match(/\w+|\W/g) ?? [], changes).join("")
    ),
  ),
  check: (text) => {
    const mark = checkMark(text);
    assert(mark === undefined || !("__proto__" in Object.keys(mark)));
  },
});
