import { configPathOf } from "./config_path.ts";
import { nearestName } from "./nearest_name.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  type OptionSpec,
} from "./option_specs.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import type { CommandLine } from "./command_line.ts";
import { partListsOf, partsProblem } from "./part_options.ts";
import { UsageError } from "./usage_error.ts";
import { fileProblem } from "../files/file_problem.ts";
import { readTrusted, UntrustedFileError } from "../files/trusted_file.ts";
import { overrideLists } from "../parts/select_parts.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";

/**
 * Adds the configuration file's options to those of the command line, which win.
 *
 * A missing file is not an error, unless the command line names it. Needs `--allow-read`
 * for the file.
 *
 * @returns The values of all options.
 * @throws {UsageError} If the command line names a file that cannot be read.
 * @throws {ProvisioningError} If the file cannot be read or used.
 */
export function withConfigFile(
  line: Pick<CommandLine, "command" | "options" | "given">,
): Readonly<Options> {
  const { options, given } = line;
  const path = configPathOf(line);
  if (path === undefined) return options;
  const configured = parseConfig(
    decode(readConfig(path, options.config !== undefined), path),
    path,
  );
  return {
    ...DEFAULT_OPTIONS,
    ...configured,
    ...given,
    // The lists below include what it means.
    requireHostName: false,
    ...overrideLists(partListsOf(configured), partListsOf(given)),
  };
}

/** The largest configuration file that is read. */
const MAX_CONFIG_BYTES = 64 * 1024;

/**
 * Reads the configuration file. It decides which programs root runs and what the platform
 * is told, so only root and the caller may be able to write it.
 *
 * @param isNamed Whether the command line names the file.
 * @throws {UsageError} If it is named and cannot be read.
 * @throws {ProvisioningError} If it cannot be read or trusted.
 */
function readConfig(path: string, isNamed: boolean): Uint8Array {
  try {
    return readTrusted(path, MAX_CONFIG_BYTES);
  } catch (error) {
    const problem = configError(path, fileProblem(error));
    throw isNamed && !(error instanceof UntrustedFileError)
      ? new UsageError(problem.message)
      : problem;
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, "it is not UTF-8");
  }
}

/** The keys of the configuration file; each is an option's name. */
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
 * Parses the configuration file: lines of the form `key = value`, blank lines, and
 * comments that start with `#`.
 *
 * A value has the form of the option of the same name; an option without a value is
 * `true` or `false` here.
 *
 * @param text The file's text.
 * @param path The file's path, for error messages.
 * @returns The options that it sets.
 * @throws {ProvisioningError} If a line has another form, a key is unknown or repeated, a
 * value is wrong, or a part is both required and left out.
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
          `The key "${key}" is already in line ${earlier}; remove one of them`,
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

function configError(path: string, problem: string): ProvisioningError {
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

/** All flags are off by default, so `false` sets nothing. */
function readFlag(
  set: Readonly<Partial<Options>>,
  value: string,
): Partial<Options> {
  if (value === "true") return set;
  if (value === "false") return {};
  throw new TypeError(`"${value}" is neither true nor false`);
}
