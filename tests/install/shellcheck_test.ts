import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";

const SCRIPTS = [
  "install.sh",
  "units/common/first-boot",
  "units/common/this-vm",
  "units/common/media",
  "units/common/userdata",
  "units/sysv/azure-provisioning",
  "units/runit/run",
  "units/runit/finish",
  "units/s6/run",
  "units/s6/finish",
  ...await initScripts(),
];

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

async function initScripts(): Promise<string[]> {
  const scripts: string[] = [];
  for await (const { name } of Deno.readDir(`${ROOT}units`)) {
    if (name !== "common") scripts.push(`units/${name}/init.sh`);
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
