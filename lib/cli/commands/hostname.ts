import { callContext, type Invocation } from "../command.ts";
import { print, UsageError } from "../output.ts";
import { systemHost } from "../../host/host.ts";
import { fetchInstance } from "../../imds/client.ts";
import { hostNameFrom, toHostName } from "../../parts/hostname/host_name.ts";
import { setHostName } from "../../parts/hostname/set_host_name.ts";
import { ExitCode } from "../../provisioning_error.ts";

/**
 * `hostname [NAME]`: sets the host name, and prints it.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, positionals, log, signal } = invocation;
  const [given] = positionals;
  const context = callContext(invocation);
  const name = given === undefined
    ? hostNameFrom(await fetchInstance(options.imds, context), log)
    : checkGiven(given);
  if (!options.dryRun) {
    const remainingMs = context.deadline - context.clock.now();
    await setHostName(name, systemHost, { log, signal, remainingMs });
  }
  print(`${name}\n`);
  return ExitCode.ok;
}

/** A name that somebody typed is taken as it is, or not at all. */
function checkGiven(given: string): string {
  const result = toHostName(given);
  if (!result.ok) {
    throw new UsageError(`"${given}" cannot be a host name: ${result.reason}`);
  }
  if (result.name !== given) {
    throw new UsageError(
      `"${given}" cannot be a host name as it is; did you mean "${result.name}"?`,
    );
  }
  return given;
}
