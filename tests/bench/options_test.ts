import { assertEquals, assertThrows } from "@std/assert";
import { readOptions } from "./_options.ts";

Deno.test("readOptions() takes at least 20 rounds where nothing is said", () => {
  assertEquals(readOptions([]), { rounds: 20, cold: "evict", quick: false });
});

Deno.test("readOptions() takes both ways to write a value", () => {
  assertEquals(readOptions(["--rounds", "2", "--cold=drop", "--quick"]), {
    rounds: 2,
    cold: "drop",
    quick: true,
  });
});

Deno.test("readOptions() refuses what it does not know", () => {
  for (const args of [["--rounds"], ["--rounds=0"], ["--cold", "ice"], ["x"]]) {
    assertThrows(() => readOptions(args), TypeError, "Usage: tools/dev bench");
  }
});
