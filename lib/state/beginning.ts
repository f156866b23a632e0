import { fileProblem } from "../files/file_problem.ts";

/** The unit for systemd makes its folder; without that folder, nobody looks for the file. */
export const BEGINNING_PATH = "/run/azure-provisioning/began";

/**
 * Leaves the file that says that the program has begun during this boot. If the unit for
 * systemd fails without it, the program never came to run, and systemd runs it once more
 * with next to no settings. A program that has run and failed must not run again.
 *
 * Does nothing if no service manager started the program. Failure is not fatal.
 *
 * @returns Why the file could not be written, for a warning.
 */
export function noteBeginning(): string | undefined {
  try {
    if (Deno.env.get("JOURNAL_STREAM") === undefined) return undefined;
  } catch {
    return undefined;
  }
  try {
    Deno.writeTextFileSync(BEGINNING_PATH, "");
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    return `Cannot write "${BEGINNING_PATH}": ${
      fileProblem(error)
    }; if this run fails, systemd may repeat it without the sandbox`;
  }
}
