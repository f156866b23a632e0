import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { COMMAND_OPTIONS, COMMON_OPTIONS } from "../../lib/cli/option_specs.ts";
import { checkCommandLine } from "./_check_command_line.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const room = "command line";

const option = fc.constantFrom(...COMMON_OPTIONS, ...COMMAND_OPTIONS)
  .map(({ name }) => `--${name}`);
const value = fc.oneof(
  fc.constantFrom("a", "5", "127.0.0.1:80", "/tmp", "json", "debug", "true"),
  word,
);
const argument = fc.oneof(
  { weight: 3, arbitrary: option },
  {
    weight: 2,
    arbitrary: fc.tuple(option, value).map((parts) => parts.join("=")),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...COMMANDS.map(({ name }) => name)),
  },
  { weight: 2, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "--",
      "-",
      "-h",
      "-x",
      "--__proto__",
      "--no-json",
      "--json=false",
      "--=",
      "--_",
      "--constructor=1",
    ),
  },
);

fuzz("parseCommandLine() gives a command or a UsageError", {
  room,
  runs: 830,
  input: fc.array(argument, { maxLength: 7 }),
  check: checkCommandLine,
});

fuzz("parseCommandLine() gives values as they were given", {
  room,
  runs: 330,
  input: text.map((it) => it || "x"),
  check: (value) => {
    const attached = checkCommandLine(["simulate", `--computer-name=${value}`]);
    assertEquals(attached?.options.computerName, value);
    const repeated = checkCommandLine([
      "simulate",
      `--fault=${value}`,
      "--fault=b",
    ]);
    assertEquals(repeated?.options.faults, [value, "b"]);
    const positional = checkCommandLine(["goal-state", "--", value]);
    assertEquals(positional?.positionals, [value]);
  },
});
