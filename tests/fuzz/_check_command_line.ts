import { assert } from "@std/assert";
import { UsageError } from "../../lib/cli/usage_error.ts";
import type { CommandLine } from "../../lib/cli/command_line.ts";
import { parseCommandLine } from "../../lib/cli/parse_command_line.ts";
import { attempt } from "./_attempt.ts";

/**
 * Reads arguments as a command line, and checks what comes of them.
 *
 * @param args Any arguments.
 * @returns The command line, or `undefined` if it was refused.
 */
export function checkCommandLine(
  args: readonly string[],
): CommandLine | undefined {
  const outcome = attempt(() => parseCommandLine(args), UsageError);
  if (!outcome.ok) {
    assert(outcome.error.message !== "");
    return undefined;
  }
  const { options, positionals } = outcome.value;
  for (const { hostname, port } of [options.wireserver, options.imds]) {
    assert(/^[A-Za-z0-9:._-]+$/.test(hostname) && port >= 0 && port <= 65_535);
  }
  assert(options.stateDir.startsWith("/"));
  assert(options.timeoutMs === undefined || options.timeoutMs > 0);
  for (const positional of positionals) assert(args.includes(positional));
  return outcome.value;
}
