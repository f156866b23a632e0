import { nearestName } from "./nearest_name.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  type OptionSpec,
} from "./option_specs.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import type { CommandLine } from "./parse_command_line.ts";
import { partListsOf, partsProblem } from "./part_options.ts";
import { isThere } from "../files/is_there.ts";
import { readTrusted } from "../files/trusted_file.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { overrideLists } from "../parts/select_parts.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";

/** The configuration file that is read where `--config` names no other. */
export const CONFIG_PATH = "/etc/azure-provisioning.conf";

/**
 * Puts the configuration file's options under those of the command line.
 *
 * A missing file is no error, unless the command line names it. Needs `--allow-read` for it.
 *
 * @param line The command line.
 * @returns All options' values.
 * @throws {ProvisioningError} If the file cannot be read or used.
 */
export function withConfigFile(line: CommandLine): Readonly<Options> {
  const { command, options, given } = line;
  if (!command.options.includes("config")) return options;
  const path = options.config ?? CONFIG_PATH;
  if (options.config === undefined && !isThere(path)) return options;
  const configured = readConfig(path);
  return {
    ...DEFAULT_OPTIONS,
    ...configured,
    ...given,
    // The lists say what it would say again.
    requireHostName: false,
    ...overrideLists(partListsOf(configured), partListsOf(given)),
  };
}

/** The largest configuration file that is read, in bytes. */
const MAX_CONFIG_BYTES = 64 * 1024;

/**
 * Reads the configuration file. Only root and the caller may be able to write it, as it
 * decides which programs root runs and what the platform is told.
 *
 * @param path Where it is.
 * @returns The options that it sets.
 * @throws {ProvisioningError} If it cannot be read, trusted or used.
 */
export function readConfig(path: string): Partial<Options> {
  let bytes: Uint8Array;
  try {
    bytes = readTrusted(path, MAX_CONFIG_BYTES);
  } catch (error) {
    throw configError(path, fileProblem(error));
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, "it is not UTF-8");
  }
  return parseConfig(text, path);
}

/** The options that the configuration file may set, by the names that they have on the command line. */
export const CONFIG_KEYS: readonly string[] = [
  "with",
  "without",
  "timeout",
  "require-hostname",
  "health-protocol",
  "agent-name",
  "log-level",
  "admin-groups",
  "admin-shell",
  "admin-sudo",
];

/**
 * Reads the configuration file: lines of the form `key = value`, blank ones, and
 * comments that start with `#`.
 *
 * Values are read as those of the options of the same names; an option that takes
 * none is `true` or `false` here.
 *
 * @param text The file's text.
 * @param path The file's path, for the errors.
 * @returns The options that it sets.
 * @throws {ProvisioningError} If a line is of another form, a key is unknown or
 * repeated, a value is wrong, or a part is both required and left out.
 */
export function parseConfig(text: string, path: string): Partial<Options> {
  const options: Partial<Options> = {};
  const lineOf = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    try {
      const { key, value } = splitLine(content);
      const earlier = lineOf.get(key);
      if (earlier !== undefined) {
        throw new TypeError(
          `The key "${key}" is in line ${earlier} already; leave one of them out`,
        );
      }
      Object.assign(options, readValue(key, value));
      lineOf.set(key, index + 1);
      const problem = partsProblem(options);
      if (problem !== undefined) throw new TypeError(problem);
    } catch (error) {
      throw configError(path, `line ${index + 1}: ${messageOf(error)}`);
    }
  }
  return options;
}

/**
 * Makes the error of a configuration file that cannot be used.
 *
 * @param path The file's path.
 * @param problem What is wrong with it.
 * @returns The error.
 */
export function configError(path: string, problem: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot use the configuration file "${path}": ${problem}`,
    { key: "configuration_invalid", exitCode: ExitCode.configuration },
  );
}

function splitLine(line: string): { key: string; value: string } {
  const equals = line.indexOf("=");
  if (equals === -1) {
    throw new TypeError(`"${line}" is not of the form "key = value"`);
  }
  return {
    key: line.slice(0, equals).trim(),
    value: line.slice(equals + 1).trim(),
  };
}

function readValue(key: string, value: string): Partial<Options> {
  const spec = specOf(key);
  if (spec === undefined) {
    const nearest = nearestName(key, CONFIG_KEYS);
    const hint = nearest === undefined
      ? `the keys are ${CONFIG_KEYS.join(", ")}`
      : `did you mean "${nearest}"?`;
    throw new TypeError(`Unknown key "${key}"; ${hint}`);
  }
  if (value === "") throw new TypeError(`The key "${key}" has no value`);
  try {
    return "set" in spec ? readFlag(spec.set, value) : spec.read(value, []);
  } catch (error) {
    throw new TypeError(
      `The key "${key}" has a wrong value: ${messageOf(error)}`,
    );
  }
}

function specOf(key: string): OptionSpec | undefined {
  if (!CONFIG_KEYS.includes(key)) return undefined;
  return [...COMMON_OPTIONS, ...COMMAND_OPTIONS]
    .find(({ name }) => name === key);
}

/** No option is on where nobody says so: false leaves it as it is. */
function readFlag(
  set: Readonly<Partial<Options>>,
  value: string,
): Partial<Options> {
  if (value === "true") return set;
  if (value === "false") return {};
  throw new TypeError(`"${value}" is neither true nor false`);
}
