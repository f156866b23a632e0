import { assertEquals, assertStringIncludes } from "@std/assert";
import { raiseBootFlag } from "../../lib/state/boot_flag.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("raiseBootFlag() puts the flag that was prepared in its place, once", async () => {
  await using dir = await tempDir();
  const flag = `${dir.path}/boot-done`;
  assertEquals(raiseBootFlag(dir.path), undefined, "there is none");
  await Deno.writeTextFile(flag, "another VM's");
  await Deno.writeTextFile(`${dir.path}/.boot-done.new`, "this VM's");
  assertEquals(raiseBootFlag(dir.path), undefined);
  assertEquals(await Deno.readTextFile(flag), "this VM's");
  assertEquals(raiseBootFlag(dir.path), undefined, "it is there already");
  assertEquals(await Deno.readTextFile(flag), "this VM's");
});

Deno.test("raiseBootFlag() says why it cannot", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/.boot-done.new`, "this VM's");
  await Deno.mkdir(`${dir.path}/boot-done`);
  const problem = raiseBootFlag(dir.path) ?? "";
  assertStringIncludes(problem, `Cannot write "${dir.path}/boot-done": `);
  assertStringIncludes(problem, "; the next boot runs the program again");
});
