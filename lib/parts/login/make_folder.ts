import {
  labelFiles,
  type LoginMachine,
  type ProgramMachine,
  runWithin,
} from "./login_machine.ts";
import { FOLDER_PROGRAM } from "./login_names.ts";

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
