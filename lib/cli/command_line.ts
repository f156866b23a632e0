import type { Command } from "./command.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import { provisionCommand } from "./provision_command.ts";

/** A parsed command line. */
export interface CommandLine {
  /** The command. */
  readonly command: Command;
  /** Whether the command was named, rather than implied. */
  readonly named: boolean;
  /** The arguments after the command. */
  readonly positionals: readonly string[];
  /** The values of all options. */
  readonly options: Readonly<Options>;
  /** The values of the options that were given. */
  readonly given: Readonly<Partial<Options>>;
}

/**
 * Reads the command line.
 *
 * Without arguments, as the units run the program, neither the parser nor another command
 * is loaded.
 *
 * @throws {UsageError} If anything is unknown, missing, repeated or wrong.
 */
export async function readCommandLine(
  args: readonly string[],
): Promise<CommandLine> {
  if (args.length === 0) {
    return {
      command: provisionCommand,
      named: false,
      positionals: [],
      options: DEFAULT_OPTIONS,
      given: {},
    };
  }
  const { parseCommandLine } = await import("./with_arguments.ts");
  return parseCommandLine(args);
}
