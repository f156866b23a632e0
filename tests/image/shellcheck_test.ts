import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { find, run } from "./_shells.ts";

const SHELLCHECK = await find("shellcheck");
if (SHELLCHECK === undefined) {
  console.error("The scripts' lint is skipped: shellcheck is not installed");
}

Deno.test({
  name: "shellcheck finds nothing wrong with the scripts for images",
  ignore: SHELLCHECK === undefined,
  fn: async () => {
    const scripts: string[] = [];
    for await (const { name } of Deno.readDir(`${ROOT}image`)) {
      if (name.endsWith(".sh")) scripts.push(`${ROOT}image/${name}`);
    }
    const { code, stdout } = await run([
      SHELLCHECK!,
      "--shell=sh",
      ...scripts.sort(),
    ]);
    assertEquals([code, stdout], [0, ""]);
  },
});
