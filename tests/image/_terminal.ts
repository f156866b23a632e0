import { ROOT } from "../helpers/program.ts";
import { find, type Shell } from "./_shells.ts";

/** Where script(1) is, which gives a program a terminal, if it is installed. */
export const SCRIPT = await find("script");

/** What {@linkcode generalizeAtTerminal} is given. */
export interface AtTerminalOptions {
  /** The shell. */
  readonly shell: Shell;
  /** The tree. */
  readonly root: string;
  /** More arguments. */
  readonly args?: readonly string[];
  /** Gets the number of the script's process. */
  readonly pidFile?: string;
}

/**
 * Starts generalize.sh on a tree, at a terminal.
 *
 * @param options The tree, and how.
 * @returns The process; what is written to its standard input is typed.
 * @throws {Error} Without {@linkcode SCRIPT}.
 */
export function generalizeAtTerminal(
  { shell, root, args = [], pidFile }: AtTerminalOptions,
): Deno.ChildProcess {
  if (SCRIPT === undefined) throw new Error("script is not installed");
  const command = [
    ...shell.command,
    `${ROOT}image/generalize.sh`,
    `--root=${root}`,
    ...args,
  ].map((word) => `'${word}'`).join(" ");
  const start = pidFile === undefined
    ? command
    // The number of the shell that becomes the script.
    : `echo $$ >'${pidFile}'; exec ${command}`;
  return new Deno.Command(SCRIPT, {
    args: ["-qec", start, "/dev/null"],
    clearEnv: true,
    env: { PATH: shell.path, SHELL: "/bin/sh" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}
