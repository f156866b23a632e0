import {
  labelFiles,
  type LoginMachine,
  type ProgramMachine,
  runWithin,
} from "./login_machine.ts";

/**
 * The program that creates a folder of the system's, so that the compiled program need not
 * be allowed to write everything in it.
 */
export const FOLDER_PROGRAM = "mkdir";

/**
 * Creates a folder of root's in one that is there.
 *
 * @param mode Its mode, in octal digits.
 * @throws {Error} If it cannot be created; the message is the end of a sentence.
 */
export async function makeFolder(
  path: string,
  mode: string,
  machine: ProgramMachine & Pick<LoginMachine, "log">,
): Promise<void> {
  const result = await runWithin(machine, FOLDER_PROGRAM, [
    "-m",
    mode,
    "--",
    path,
  ]);
  if (result.kind !== "ok") {
    throw new Error(
      result.kind === "failed"
        ? result.reason
        : `"${FOLDER_PROGRAM}" is not installed`,
    );
  }
  machine.log.info(`Created the folder "${path}"`);
  await labelFiles([path], machine);
}
