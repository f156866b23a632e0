import { ENVIRONMENT } from "./command.ts";

/** It reads a line from the test; if the test ends without sending one, it cleans up. */
const WAIT = `trap '' INT TERM HUP; read -r line || { `;

/**
 * Has a shell script run if this process dies before it could clean up after
 * itself, however it dies.
 *
 * @param script The script; its arguments start at $0.
 * @param args The arguments.
 * @returns What to dispose of once there is nothing to clean up any more.
 */
export function cleanUpIfKilled(
  script: string,
  args: readonly [string, ...string[]],
): AsyncDisposable {
  const process = new Deno.Command("setsid", {
    args: ["sh", "-uc", `${WAIT}${script}\n}`, ...args],
    clearEnv: true,
    env: { ...ENVIRONMENT },
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      const writer = process.stdin.getWriter();
      await writer.write(new TextEncoder().encode("done\n"));
      await writer.close();
      await process.status;
    },
  };
}
