import type { LoginMachine } from "./login_machine.ts";
import {
  type AccountProgram,
  runAccountProgram,
} from "./account/run_account_program.ts";

/** A program that changes accounts, with its arguments and its standard input. */
export type AccountCommand = readonly [
  name: AccountProgram,
  args: readonly string[],
  input?: string,
];

/**
 * Runs the first of several programs that is installed.
 *
 * @returns The reason if it failed, or none is installed.
 */
export async function runFirst(
  machine: LoginMachine,
  commands: readonly AccountCommand[],
): Promise<string | undefined> {
  for (const [program, args, input] of commands) {
    const result = await runAccountProgram(machine, program, args, input);
    if (result.kind === "ok") return undefined;
    if (result.kind === "failed") return result.reason;
  }
  const names = commands.map(([program]) => `"${program}"`);
  return `neither ${names.join(" nor ")} is installed`;
}
