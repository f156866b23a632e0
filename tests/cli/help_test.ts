import {
  assert,
  assertEquals,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { commandHelp, programHelp } from "../../lib/cli/help.ts";
import { COMMAND_OPTIONS, COMMON_OPTIONS } from "../../lib/cli/option_specs.ts";
import { DEFAULT_OPTIONS } from "../../lib/cli/options.ts";
import { formatEndpoint } from "../../lib/http/endpoint.ts";

Deno.test("programHelp() names every command and every common option", () => {
  const help = programHelp();
  for (const { name, summary } of COMMANDS) {
    assert(
      help.split("\n").some((line) =>
        line.trim().startsWith(name) && line.endsWith(summary)
      ),
      name,
    );
  }
  for (const { name } of COMMON_OPTIONS) {
    assertStringIncludes(help, `  --${name}`);
  }
});

for (const command of COMMANDS) {
  Deno.test(`commandHelp() has the options of "${command.name}", and no other's`, async () => {
    const help = await commandHelp(command);
    assertStringIncludes(help, `Usage: azure-provisioning ${command.name} `);
    for (const spec of COMMON_OPTIONS) {
      assertStringIncludes(help, `  --${spec.name}`);
    }
    for (const spec of COMMAND_OPTIONS) {
      const value = "value" in spec ? ` ${spec.value}` : "";
      assertEquals(
        help.includes(`  --${spec.name}${value} `),
        command.options.includes(spec.name),
        spec.name,
      );
    }
  });

  Deno.test(`commandHelp() of "${command.name}" fits a terminal`, async () => {
    for (const line of (await commandHelp(command)).split("\n")) {
      assert(line.length <= 100, line);
      assertEquals(line, line.trimEnd());
    }
  });

  Deno.test(`commandHelp() of "${command.name}" has something below each heading`, async () => {
    assertNotMatch(await commandHelp(command), /:\n\s*\n/);
  });
}

Deno.test("programHelp() says what the defaults are", () => {
  const help = programHelp();
  for (
    const value of [
      formatEndpoint(DEFAULT_OPTIONS.wireserver),
      formatEndpoint(DEFAULT_OPTIONS.imds),
      DEFAULT_OPTIONS.agentName,
      DEFAULT_OPTIONS.stateDir,
      "1200",
      DEFAULT_OPTIONS.logLevel,
      DEFAULT_OPTIONS.logFormat,
    ]
  ) assertStringIncludes(help, `(${value})`);
});
