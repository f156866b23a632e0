import { isThere } from "../files/is_there.ts";
import { overrideLists } from "../parts/select_parts.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import type { CommandLine } from "./parse_command_line.ts";
import { partListsOf } from "./part_options.ts";

/** The configuration file that is read where `--config` names no other. */
export const CONFIG_PATH = "/etc/azure-provisioning.conf";

/**
 * Puts the configuration file's options under those of the command line.
 *
 * A missing file is no error, unless the command line names it; what reads it is
 * loaded only if it is there. Needs `--allow-read` for it.
 *
 * @param line The command line.
 * @returns All options' values.
 * @throws {ProvisioningError} If the file cannot be read or used.
 */
export async function withConfigFile(
  line: CommandLine,
): Promise<Readonly<Options>> {
  const { command, options, given } = line;
  if (!command.options.includes("config")) return options;
  const path = options.config ?? CONFIG_PATH;
  if (options.config === undefined && !isThere(path)) return options;
  const { readConfig } = await import("./read_config.ts");
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
