import { parseArgs } from "@std/cli/parse-args";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { DEFAULT_COMMAND } from "./provision_command.ts";
import { nearestName } from "./nearest_name.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  type OptionSpec,
} from "./option_specs.ts";
import type { CommandLine } from "./command_line.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import { partsProblem } from "./part_options.ts";
import { UsageError } from "./usage_error.ts";
import { messageOf } from "../provisioning_error.ts";

const ALL_OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  ...COMMAND_OPTIONS,
];
const OPTION_BY_NAME: ReadonlyMap<string, OptionSpec> = new Map(
  ALL_OPTIONS.map((spec) => [spec.name, spec]),
);

/**
 * Parses the command line. Options may come before and after the command.
 *
 * @throws {UsageError} If anything is unknown, missing, repeated or wrong.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { names, positionals, values } = readTokens(args);
  const commandName = positionals[0] ?? DEFAULT_COMMAND;
  const command = COMMANDS.find(({ name }) => name === commandName);
  if (command === undefined) {
    const known = COMMANDS.map(({ name }) => name);
    throw unknown("command", commandName, nearestName(commandName, known));
  }
  for (const name of names) checkBelongs(name, command);
  const given: Partial<Options> = {};
  for (const name of names) Object.assign(given, readValue(name, values));
  const problem = partsProblem(given);
  if (problem !== undefined) throw new UsageError(problem);
  const options: Options = { ...DEFAULT_OPTIONS, ...given };
  const line = {
    command,
    named: positionals.length > 0,
    positionals: positionals.slice(1),
    options,
    given,
  };
  if (!options.help && !options.version) checkArgCount(line);
  return line;
}

/**
 * Splits the arguments into options and positionals. `parseArgs` never complains: it
 * accepts unknown options, reads a missing value as an empty one, a flag's value as true,
 * and the word after a flag as its value. So each argument is checked first, and then
 * written in the one form that cannot be misread, `--name=value`.
 */
function readTokens(args: readonly string[]): {
  names: ReadonlySet<string>;
  positionals: readonly string[];
  values: Readonly<Record<string, unknown>>;
} {
  const names = new Set<string>();
  const unambiguous: string[] = [];
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") {
      positionals.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      positionals.push(arg);
      continue;
    }
    const { name, value } = splitOption(arg);
    const spec = OPTION_BY_NAME.get(name)!;
    const isFlag = "set" in spec;
    if (names.has(name) && (isFlag || !spec.repeatable)) {
      throw new UsageError(`The option "--${name}" is given twice`);
    }
    names.add(name);
    if (isFlag) {
      if (value !== undefined) {
        throw new UsageError(
          `The option "--${name}" takes no value, but "${value}" was given`,
        );
      }
      unambiguous.push(`--${name}=true`);
    } else {
      const next = value ?? args[++index];
      unambiguous.push(
        `--${name}=${requireValue(spec, next, value !== undefined)}`,
      );
    }
  }
  const values = parseArgs([...unambiguous, "--", ...positionals], {
    string: ["_", ...namesOf((spec) => !("set" in spec))],
    boolean: namesOf((spec) => "set" in spec),
    collect: namesOf((spec) => "repeatable" in spec),
  });
  return {
    names,
    positionals: values._.map(String),
    values: values as Readonly<Record<string, unknown>>,
  };
}

function splitOption(arg: string): { name: string; value?: string } {
  if (arg === "-h") return { name: "help" };
  const equals = arg.indexOf("=");
  const typed = equals === -1 ? arg : arg.slice(0, equals);
  const name = typed.slice(2);
  if (!arg.startsWith("--") || !OPTION_BY_NAME.has(name)) {
    const known = ALL_OPTIONS.map((spec) => `--${spec.name}`);
    throw unknown("option", typed, nearestName(typed, known));
  }
  return equals === -1 ? { name } : { name, value: arg.slice(equals + 1) };
}

function requireValue(
  spec: OptionSpec & { value: string },
  value: string | undefined,
  attached: boolean,
): string {
  const missing = value === undefined || value === "" ||
    (!attached && value.startsWith("-"));
  if (!missing) return value;
  const hint = value?.startsWith("-")
    ? `; write "--${spec.name}=${value}" if "${value}" is its value`
    : "";
  throw new UsageError(
    `The option "--${spec.name}" needs a value (${spec.value})${hint}`,
  );
}

function checkBelongs(name: string, command: Command): void {
  if (COMMON_OPTIONS.some((spec) => spec.name === name)) return;
  if (command.options.includes(name)) return;
  const owners = COMMANDS.filter(({ options }) => options.includes(name))
    .map((owner) => `"${owner.name}"`);
  throw new UsageError(
    `The option "--${name}" does not go with the command "${command.name}", but with ${
      owners.join(", ")
    }`,
  );
}

function readValue(
  name: string,
  values: Readonly<Record<string, unknown>>,
): Partial<Options> {
  const spec = OPTION_BY_NAME.get(name)!;
  if ("set" in spec) return spec.set;
  const all = [values[name]].flat().map(String);
  try {
    return spec.read(all[0]!, all);
  } catch (error) {
    throw new UsageError(
      `The option "--${name}" has a wrong value: ${messageOf(error)}`,
    );
  }
}

function checkArgCount(
  { command, positionals }: Pick<CommandLine, "command" | "positionals">,
): void {
  const [least, most] = command.argCount;
  if (positionals.length > most) {
    throw new UsageError(
      `The command "${command.name}" does not take the argument "${
        positionals[most]
      }"`,
    );
  }
  if (positionals.length < least) {
    throw new UsageError(
      `The command "${command.name}" needs an argument: ${command.args}`,
    );
  }
}

function namesOf(is: (spec: OptionSpec) => boolean): string[] {
  return ALL_OPTIONS.filter(is).map(({ name }) => name);
}

function unknown(
  kind: string,
  typed: string,
  nearest: string | undefined,
): UsageError {
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return new UsageError(`Unknown ${kind} "${typed}"${hint}`);
}
