import { succeed } from "../helpers/command.ts";
import type { InitName } from "./_inits.ts";

const LOG = "/var/log/azure-provisioning.log";

/**
 * Reads what the program has said, from outside of the machine.
 *
 * @param init The machine's init.
 * @param tree The machine's tree.
 * @returns The lines of the units' journal, or of the log file; without times.
 */
export async function logOf(init: InitName, tree: string): Promise<string[]> {
  const text = init === "systemd"
    ? await succeed("journalctl", [
      `--directory=${tree}/var/log/journal`,
      ...["", "-needed", "-fallback"].map((name) =>
        `--unit=azure-provisioning${name}.service`
      ),
      "--output=cat",
      "--no-pager",
    ])
    : await Deno.readTextFile(`${tree}${LOG}`).catch(() => "");
  return text.split("\n").map((line) =>
    line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, "")
  );
}
