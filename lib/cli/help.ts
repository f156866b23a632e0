import { PROGRAM_NAME } from "../version.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { DEFAULT_COMMAND } from "./provision_command.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  type OptionSpec,
} from "./option_specs.ts";

/** Returns the help of the whole program, as lines with line ends. */
export function programHelp(): string {
  return `Completes the first boot of a Linux VM on Azure, and reports it ready.

Usage: ${PROGRAM_NAME} [OPTION]... [COMMAND] [ARGUMENT]...

Commands:
${table(COMMANDS.map(({ name, summary }) => [name, summary]))}

Options of every command:
${optionTable(COMMON_OPTIONS)}

"${PROGRAM_NAME} COMMAND --help" lists the options of a command.
Without a command, "${DEFAULT_COMMAND}" runs. Exit status: 0 done, 64 wrong usage,
65 bad data, 69 platform unreachable, 70 internal error, 73/74 cannot write or
read, 75 gave up for now, 77 not permitted, 78 wrong configuration.
`;
}

/** Returns the help of one command, as lines with line ends. */
export async function commandHelp(command: Command): Promise<string> {
  const usage = [PROGRAM_NAME, command.name, "[OPTION]...", command.args];
  const own = COMMAND_OPTIONS.filter(({ name }) =>
    command.options.includes(name)
  );
  const parts = [
    command.summary + ".",
    `Usage: ${usage.join(" ").trim()}`,
    command.details,
    await command.moreDetails?.() ?? "",
    own.length === 0 ? "" : `Options:\n${optionTable(own)}`,
    `Options of every command:\n${optionTable(COMMON_OPTIONS)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function optionTable(specs: readonly OptionSpec[]): string {
  return table(specs.map((spec) => [
    `--${spec.name}${"value" in spec ? ` ${spec.value}` : ""}`,
    spec.help,
  ]));
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
    .join("\n");
}
