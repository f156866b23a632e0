import { assertEquals, assertThrows } from "@std/assert";
import {
  hasSameKey,
  kvpRecord,
} from "../../../lib/parts/telemetry/kvp_record.ts";
import { itemsIn } from "./_pool.ts";

Deno.test("kvpRecord() makes 2,560 bytes: 512 of the key and 2,048 of the value, filled up with zeros", () => {
  const record = kvpRecord({ key: "KEY", value: "wert: \u00E4\u00F6\u00FC" });
  assertEquals(record.length, 2560);
  assertEquals([...record.subarray(0, 4)], [0x4B, 0x45, 0x59, 0]);
  assertEquals(itemsIn(record), [{
    key: "KEY",
    value: "wert: \u00E4\u00F6\u00FC",
  }]);
});

Deno.test("kvpRecord() cuts a value after 1,022 bytes, between two characters", () => {
  for (
    const [character, bytes, kept] of [
      ["x", 1, 1022],
      ["\u00E4", 2, 511],
      ["\u20AC", 3, 340],
      ["\u{1F600}", 4, 255],
    ] as const
  ) {
    const [item] = itemsIn(
      kvpRecord({ key: "K", value: character.repeat(2000) }),
    );
    assertEquals(item?.value, character.repeat(kept), `${bytes} bytes each`);
  }
});

Deno.test("kvpRecord() keeps control characters and halves of characters out of the value", () => {
  const value = "a\0b\nc\x1B[2Jd\x9Be\uD800f";
  assertEquals(itemsIn(kvpRecord({ key: "K", value })), [
    { key: "K", value: "a b c [2Jd e\uFFFDf" },
  ]);
});

Deno.test("kvpRecord() takes no key that is empty or too long", () => {
  kvpRecord({ key: "k".repeat(254), value: "" });
  for (const key of ["", "k".repeat(255), "\u20AC".repeat(85)]) {
    assertThrows(() => kvpRecord({ key, value: "" }), RangeError);
  }
});

Deno.test("hasSameKey() compares whole keys", () => {
  const record = (key: string) => kvpRecord({ key, value: key });
  assertEquals(hasSameKey(record("KEY"), record("KEY")), true);
  assertEquals(hasSameKey(record("KEY"), record("KEY2")), false);
  assertEquals(hasSameKey(record("KEY2"), record("KEY")), false);
});
