/** Its folder is made by the unit for systemd; without that folder, there is no need for the file. */
export const BEGINNING_PATH = "/run/azure-provisioning/began";

/**
 * Leaves the file that says that the program has begun during this boot. If the unit for
 * systemd fails without it, the program never came to run, and systemd runs it once more
 * with next to no settings. A program that has run and failed must not run again.
 *
 * Does nothing if no service manager started the program. Failure is not fatal.
 */
export function noteBeginning(): void {
  try {
    if (Deno.env.get("JOURNAL_STREAM") === undefined) return;
    Deno.writeTextFileSync(BEGINNING_PATH, "");
  } catch {
    // At worst, a program that fails runs twice.
  }
}
