import { type ProgramResult, runProgram } from "../../../helpers/program.ts";

/**
 * Runs `provision` with a state directory that it may write.
 *
 * @param stateDir The directory.
 * @param args More arguments, such as the addresses of a platform.
 * @returns How it ended.
 */
export function provision(
  stateDir: string,
  args: readonly string[],
): Promise<ProgramResult> {
  return runProgram(["provision", "--state-dir", stateDir, ...args], {
    writable: stateDir,
  });
}
