import type { Invocation } from "../command.ts";
import { runPartAlone } from "../run_part_alone.ts";
import { run as runPart } from "../../parts/user_data/user_data_part.ts";
import type { ExitCode } from "../../provisioning_error.ts";

/**
 * `userdata`: writes the user data of the metadata to a file, and says where they are.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  return await runPartAlone(runPart, invocation);
}
