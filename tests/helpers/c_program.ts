import { succeed } from "./command.ts";
import { missingProgram } from "./missing_program.ts";

/** Why no program can be compiled from C here, or `undefined` if one can. */
export const C_OBSTACLE: string | undefined =
  missingProgram(["gcc"]) === undefined
    ? undefined
    : 'they need the program "gcc"';

/**
 * Compiles a program from C, with every warning an error.
 *
 * @param source Its one file.
 * @param path Where to put it.
 */
export async function compileC(source: string, path: string): Promise<void> {
  await succeed("gcc", [
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-o",
    path,
    source,
  ]);
}
