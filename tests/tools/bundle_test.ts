import { assertEquals } from "@std/assert";
import { bundle } from "../../tools/compile.ts";
import { ROOT } from "../helpers/program.ts";
import { temporaryFolder } from "./_fixtures.ts";

/** How many resources a text sees to the end of, by `using`. */
function usingCount(text: string): number {
  return [...text.matchAll(/(?:^|[\s;{}])using\s+[\w$]+\s*=/gm)].length;
}

async function countIn(folder: string, end: string): Promise<number> {
  let count = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) count += await countIn(path, end);
    else if (name.endsWith(end)) {
      count += usingCount(await Deno.readTextFile(path));
    }
  }
  return count;
}

Deno.test("bundling and shortening drop no `using`, as `deno bundle --minify` does where the resource is used once", async () => {
  await using folder = await temporaryFolder();
  const modules = `${folder.path}/modules`;
  await bundle(modules, "main.ts");
  assertEquals(
    await countIn(modules, ".js"),
    await countIn(`${ROOT}lib`, ".ts"),
  );
});
