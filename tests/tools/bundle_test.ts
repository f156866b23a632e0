import { assertEquals } from "@std/assert";
import { bundleArguments } from "../../tools/compile.ts";
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

Deno.test("the minifier drops no `using`, as it does where the resource is used once, in the next statement", async () => {
  await using folder = await temporaryFolder();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd: ROOT,
    args: bundleArguments(
      folder.path,
      Deno.env.get("DENO_FLAGS") ?? "",
      "main.ts",
    ),
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  assertEquals(
    await countIn(folder.path, ".js"),
    await countIn(`${ROOT}lib`, ".ts"),
  );
});
