import { fileProblem } from "../files/file_problem.ts";

/**
 * Puts the flag in its place by which `units/common/this-vm` knows that this VM is done, so
 * that its next boots do not start the program at all. The script has written it before
 * the program began, because only the script can read the UUID that it holds: a second
 * start of the script would take longer than all that the program does.
 *
 * Does nothing if there is none, as under another init than systemd. Needs
 * `--allow-write` for the folder.
 *
 * @returns Why the flag could not be put there, for a warning.
 */
export function raiseBootFlag(stateDir: string): string | undefined {
  const flag = `${stateDir}/boot-done`;
  try {
    Deno.renameSync(`${stateDir}/.boot-done.new`, flag);
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    return `Cannot write "${flag}": ${
      fileProblem(error)
    }; the next boot runs the program again`;
  }
}
