import { assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../lib/cli/commands.ts";
import { ExitCode } from "../lib/exit_code.ts";
import { permissions } from "../tools/permissions.ts";
import { ROOT } from "./helpers/program.ts";

const README = await Deno.readTextFile(`${ROOT}README.md`);

Deno.test("README names every permission of the compiled program", () => {
  for (const { flag } of permissions) {
    const [name, values = ""] = flag.replace("--allow-", "").split("=");
    const rows = README.split("\n").filter((line) =>
      line.startsWith(`| ${name}:`)
    ).join("\n");
    for (const value of values.split(",")) {
      const slash = value.lastIndexOf("/");
      const words = name === "run"
        ? [value.slice(0, slash), value.slice(slash + 1)]
        : [value];
      for (const word of words) assertStringIncludes(rows, word);
    }
  }
});

Deno.test("README names every exit status", () => {
  for (const status of Object.values(ExitCode)) {
    assertStringIncludes(README, `| ${status} `);
  }
});

Deno.test("README names every command", () => {
  for (const { name } of COMMANDS) assertStringIncludes(README, `| \`${name}`);
});
