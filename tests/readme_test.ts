import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../lib/cli/commands.ts";
import { ExitCode } from "../lib/exit_code.ts";
import { CONFIG_KEYS } from "../lib/cli/parse_config.ts";
import { HOST_NAME_PART, PARTS } from "../lib/parts/parts.ts";
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

/** The rows of the tables of a chapter, below their heads, as their cells. */
function rowsOf(chapter: string): string[][] {
  const text = README.split(`\n## ${chapter}\n`)[1]?.split("\n## ")[0] ?? "";
  return text.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("README has the parts as the program has them, in their order", () => {
  assertEquals(
    rowsOf("Parts").filter((cells) => cells.length === 4),
    [HOST_NAME_PART, ...PARTS].map((part) => [
      `\`${part.name}\``,
      part.default ? "yes" : "no",
      part.summary,
      part.needs,
    ]),
  );
});

Deno.test("README has every key of the configuration file, in their order", () => {
  assertEquals(
    rowsOf("Parts").filter((cells) => cells.length === 3)
      .map(([key]) => key),
    CONFIG_KEYS.map((key) => `\`${key}\``),
  );
});
