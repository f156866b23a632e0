import type { Invocation } from "../command.ts";
import { runPartAlone } from "../run_part_alone.ts";
import { run as runPart } from "../../parts/login/ssh_keys_part.ts";
import type { ExitCode } from "../../provisioning_error.ts";

/**
 * `ssh-keys`: gives the admin user the keys of the metadata, and says what was done.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  return await runPartAlone(runPart, invocation);
}
