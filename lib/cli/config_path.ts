import type { CommandLine } from "./command_line.ts";
import { isThere } from "../files/is_there.ts";

/** The default configuration file. */
const CONFIG_PATH = "/etc/azure-provisioning.conf";

/**
 * Finds the configuration file that counts.
 *
 * @returns The one that the command line names, or else the default one if it is there;
 * `undefined` for a command that takes none.
 */
export function configPathOf(
  { command, options }: Pick<CommandLine, "command" | "options">,
): string | undefined {
  if (!command.options.includes("config")) return undefined;
  if (options.config !== undefined) return options.config;
  return isThere(CONFIG_PATH) ? CONFIG_PATH : undefined;
}
