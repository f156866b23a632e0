import { run } from "../helpers/command.ts";
import { inNamespace } from "../helpers/network.ts";
import type { Boot } from "./_boot.ts";

/** How long an SSH server may take to start, on a busy machine. */
const SERVER_MS = 60_000;

/**
 * Logs in to a machine from the platform's side, again and again until that succeeds.
 *
 * @param ssh The command: `ssh`, its options, the login, and what to run there.
 * @returns What it printed.
 */
export async function untilLetIn(
  boot: Boot,
  ssh: readonly string[],
): Promise<string> {
  const [program, ...args] = inNamespace(boot.network.platform, ssh);
  let result = await run(program, args);
  await boot.until("sshd takes the key", async () => {
    if (result.code !== 0) result = await run(program, args);
    return result.code === 0;
  }, SERVER_MS);
  return result.stdout;
}
