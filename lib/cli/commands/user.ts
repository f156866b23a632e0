import type { ExitCode } from "../../exit_code.ts";
import { run as runPart } from "../../parts/login/user_part.ts";
import type { Invocation } from "../command.ts";
import { runPartAlone } from "../run_part_alone.ts";

/**
 * `user`: makes the admin user of the metadata, or adopts it, and says what was done.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  return await runPartAlone(runPart, invocation);
}
