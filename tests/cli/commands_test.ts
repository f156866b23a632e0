import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { DEFAULT_COMMAND } from "../../lib/cli/provision_command.ts";
import { COMMAND_OPTIONS, COMMON_OPTIONS } from "../../lib/cli/option_specs.ts";

Deno.test("COMMANDS names no option that does not exist", () => {
  const known = COMMAND_OPTIONS.map(({ name }) => name);
  for (const { name, options } of COMMANDS) {
    for (const option of options) {
      assert(known.includes(option), `"${name}" names "--${option}"`);
    }
  }
});

Deno.test("COMMANDS leaves no option without a command", () => {
  const used = COMMANDS.flatMap(({ options }) => options);
  for (const { name } of COMMAND_OPTIONS) {
    assert(used.includes(name), `nothing takes "--${name}"`);
  }
});

Deno.test("COMMANDS and the options have names of their own", () => {
  const names = [...COMMON_OPTIONS, ...COMMAND_OPTIONS].map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const commands = COMMANDS.map(({ name }) => name);
  assertEquals(new Set(commands).size, commands.length);
  assert(commands.includes(DEFAULT_COMMAND));
});
