/**
 * What only a command line with arguments needs, or a configuration file. The units run
 * the program without either, so a first boot does not load it.
 *
 * @module
 */

export { withConfigFile } from "./config_file.ts";
export { commandHelp, programHelp } from "./help.ts";
export { parseCommandLine } from "./parse_command_line.ts";
