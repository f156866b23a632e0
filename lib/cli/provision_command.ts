import type { Command } from "./command.ts";
import { run } from "./commands/provision.ts";
import { PARTS } from "../parts/parts.ts";

/** The command that runs if none is named. */
export const DEFAULT_COMMAND = "provision";

/** The command `provision`. */
export const provisionCommand: Command = {
  name: DEFAULT_COMMAND,
  summary: "Set up this VM, report it ready, and mark it as done",
  args: "",
  argCount: [0, 0],
  options: [
    "force",
    "with",
    "without",
    "require-hostname",
    "admin-groups",
    "admin-shell",
    "admin-sudo",
    "health-protocol",
    "ovf-env",
    "config",
  ],
  reportsProblem: true,
  needsRoot: true,
  details:
    `This is the whole first boot, and the default command. With --health-protocol\nauto, the health is reported as XML, and as JSON if the platform refuses XML.\nThe parts for --with and --without are\n${
      PARTS.map(({ name }) => name).join(", ")
    }.`,
  run,
};
