import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";

const SCRIPTS = ["install.sh", ...await unitScripts()];

const SHELLCHECK = await usable();
if (!SHELLCHECK) {
  console.error("The scripts are not checked: shellcheck is not here");
}

Deno.test({
  name: "shellcheck finds nothing in the scripts",
  ignore: !SHELLCHECK,
  fn: async () => {
    const { code, stdout } = await new Deno.Command("shellcheck", {
      args: ["-s", "sh", "-x", ...SCRIPTS],
      cwd: ROOT,
    }).output();
    const words = new TextDecoder().decode(stdout);
    assertEquals({ code, words }, { code: 0, words: "" });
  },
});

/** Every init.sh, and all that sh runs from units/. */
async function unitScripts(): Promise<string[]> {
  const scripts: string[] = [];
  for await (const { name: init } of Deno.readDir(`${ROOT}units`)) {
    for await (const { name } of Deno.readDir(`${ROOT}units/${init}`)) {
      const text = await Deno.readTextFile(`${ROOT}units/${init}/${name}`);
      if (name.endsWith(".sh") || text.startsWith("#!/bin/sh\n")) {
        scripts.push(`units/${init}/${name}`);
      }
    }
  }
  return scripts.sort();
}

async function usable(): Promise<boolean> {
  try {
    return (await new Deno.Command("shellcheck", { args: ["--version"] })
      .output()).success;
  } catch {
    return false;
  }
}
