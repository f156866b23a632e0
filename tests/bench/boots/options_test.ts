import { assertEquals, assertThrows } from "@std/assert";
import { readBootOptions } from "./_options.ts";

const NAMES = { roots: ["sysv", "openrc"], variants: ["ours", "disabled"] };
const read = (words: string) =>
  readBootOptions(words.split(" ").filter((it) => it !== ""), NAMES);

Deno.test("readBootOptions() takes everything by default, in 15 rounds", () => {
  assertEquals(read(""), {
    ...NAMES,
    rounds: 15,
    against: [],
    quick: false,
  });
});

Deno.test("readBootOptions() narrows down", () => {
  assertEquals(
    read(
      "--rounds 3 --roots=sysv --variants ours --against /a --against=/b --quick",
    ),
    {
      rounds: 3,
      roots: ["sysv"],
      variants: ["ours"],
      against: ["/a", "/b"],
      quick: true,
    },
  );
});

Deno.test("readBootOptions() refuses what it does not know", () => {
  for (
    const [words, why] of [
      ["--rounds 0", "not a number of rounds"],
      ["--roots sysvv", "none of sysv, openrc"],
      ["--variants", "none of ours, disabled"],
      ["--against there", "not the path of a folder"],
      ["--fast", "Unknown argument"],
    ] as const
  ) assertThrows(() => read(words), TypeError, why);
});
