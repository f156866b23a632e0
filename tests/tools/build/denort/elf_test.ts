import { assertEquals, assertThrows } from "@std/assert";
import { makeElf } from "../../_fixtures.ts";
import { withoutAppended } from "../../../../tools/build/denort/npm_denort.ts";

Deno.test("withoutAppended() cuts off what follows the section headers", () => {
  const executable = makeElf(100, "d3n0l4nd and a program");
  assertEquals(withoutAppended(executable), makeElf(100, ""));
});

Deno.test("withoutAppended() leaves an executable with nothing behind it as it is", () => {
  const executable = makeElf(100, "");
  assertEquals(withoutAppended(executable), executable);
});

Deno.test("withoutAppended() reads an executable in the middle of other bytes", () => {
  const bytes = new Uint8Array([1, 2, 3, ...makeElf(10, "x")]);
  assertEquals(withoutAppended(bytes.subarray(3)), makeElf(10, ""));
});

Deno.test("withoutAppended() rejects what is no 64-bit ELF file", () => {
  const elf32 = makeElf(10, "");
  elf32[4] = 1;
  const script = new TextEncoder().encode("#!/bin/sh\n".repeat(10));
  for (const bytes of [elf32, script, new Uint8Array()]) {
    assertThrows(() => withoutAppended(bytes), Error, "no 64-bit");
  }
});

Deno.test("withoutAppended() rejects an executable that is cut short", () => {
  const executable = makeElf(100, "").subarray(0, 200);
  assertThrows(() => withoutAppended(executable), Error, `"200" bytes`);
});

Deno.test("withoutAppended() rejects an executable without section headers", () => {
  const executable = makeElf(100, "");
  new DataView(executable.buffer).setBigUint64(0x28, 0n, true);
  assertThrows(() => withoutAppended(executable), Error, "section headers");
});
