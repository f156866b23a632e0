import { assertEquals, assertThrows } from "@std/assert";
import {
  readFromTar,
  withoutAppended,
} from "../../../../tools/build/denort/archive.ts";
import { makeElf, makeTar } from "../../_fixtures.ts";

const content = (text: string) => new TextEncoder().encode(text);
const read = (tar: Uint8Array<ArrayBuffer>, path: string) =>
  new TextDecoder().decode(readFromTar(tar, path));

Deno.test("readFromTar() finds a file among others", () => {
  const tar = makeTar([
    { path: "package/empty", content: content("") },
    { path: "package/block", content: content("x".repeat(512)) },
    { path: "package/long", content: content("y".repeat(513)) },
    { path: "package/last", content: content("one") },
  ]);
  assertEquals(read(tar, "package/empty"), "");
  assertEquals(read(tar, "package/block"), "x".repeat(512));
  assertEquals(read(tar, "package/long"), "y".repeat(513));
  assertEquals(read(tar, "package/last"), "one");
});

Deno.test("readFromTar() puts a path together that is kept in two parts", () => {
  const tar = makeTar([{ path: "name", content: content("one") }]);
  tar.set(content("long/folder"), 345);
  assertEquals(read(tar, "long/folder/name"), "one");
});

Deno.test("readFromTar() takes no folder or link for a file", () => {
  const tar = makeTar([
    { path: "a", content: content(""), type: "5" },
    { path: "a", content: content(""), type: "2" },
    { path: "a", content: content("one") },
  ]);
  assertEquals(read(tar, "a"), "one");
});

Deno.test("readFromTar() names the file that it does not find", () => {
  const tar = makeTar([{ path: "a", content: content("one") }]);
  for (const archive of [tar, new Uint8Array(), new Uint8Array(1024)]) {
    assertThrows(() => readFromTar(archive, "b"), Error, `Cannot find "b"`);
  }
});

Deno.test("readFromTar() rejects an archive that is cut short", () => {
  const tar = makeTar([{ path: "a", content: content("x".repeat(600)) }]);
  assertThrows(
    () => readFromTar(tar.subarray(0, 1000), "a"),
    Error,
    "cut short",
  );
});

Deno.test("readFromTar() rejects a size that is no number", () => {
  const tar = makeTar([{ path: "a", content: content("one") }]);
  tar.set(content("not a size!"), 124);
  assertThrows(() => readFromTar(tar, "a"), Error, `size "not a size!"`);
});

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

Deno.test("withoutAppended() rejects what is not a 64-bit ELF file", () => {
  const elf32 = makeElf(10, "");
  elf32[4] = 1;
  const script = new TextEncoder().encode("#!/bin/sh\n".repeat(10));
  for (const bytes of [elf32, script, new Uint8Array()]) {
    assertThrows(() => withoutAppended(bytes), Error, "not a 64-bit");
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
