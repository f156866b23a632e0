import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../lib/cli/commands.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
} from "../../../lib/cli/option_specs.ts";
import { DEFAULT_OPTIONS } from "../../../lib/cli/options.ts";
import { parseCommandLine } from "../../../lib/cli/parse_command_line.ts";

Deno.test("parseCommandLine() leaves the prototypes of objects and the defaults alone", () => {
  const before = structuredClone(DEFAULT_OPTIONS);
  parseCommandLine(["--force", "--timeout", "5", "--state-dir", "/x"]);
  assertEquals(DEFAULT_OPTIONS, before);
  assertEquals(Object.keys(Object.prototype), []);
});

Deno.test("parseCommandLine() takes each command's own options, and every command the common ones", () => {
  for (const command of COMMANDS) {
    const own = COMMAND_OPTIONS.filter(({ name }) =>
      command.options.includes(name)
    );
    for (const spec of [...own, ...COMMON_OPTIONS]) {
      const args = ["--help", command.name].filter((arg) =>
        arg !== `--${spec.name}`
      );
      const value = "value" in spec ? [VALID[spec.value] ?? "1"] : [];
      const line = parseCommandLine([...args, `--${spec.name}`, ...value]);
      assertEquals(line.command.name, command.name);
    }
  }
});

/** A value of the right form, by the word that the help has for it. */
const VALID: Readonly<Record<string, string>> = {
  DIR: "/a",
  "HOST:PORT": "127.0.0.1:1",
  WHEN: "auto",
  LEVEL: "info",
  FORMAT: "text",
  PROTOCOL: "xml",
  FILE: "/a",
  PATH: "/a",
  LIST: "hostname",
  GROUPS: "adm,sudo",
};
