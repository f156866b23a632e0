import { assertEquals, assertThrows } from "@std/assert";
import { readFromTar } from "../../../../tools/build/denort/tar.ts";
import { makeTar } from "../../_fixtures.ts";

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
