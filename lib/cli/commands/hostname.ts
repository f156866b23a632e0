import { callContext, type Invocation } from "../command.ts";
import { withPath } from "../explained.ts";
import { print } from "../output.ts";
import { UsageError } from "../usage_error.ts";
import { systemHost } from "../../host/host.ts";
import { fetchInstance } from "../../imds/client.ts";
import { hostNameFrom, toHostName } from "../../parts/hostname/host_name.ts";
import { setHostName } from "../../parts/hostname/set_host_name.ts";
import { ExitCode } from "../../provisioning_error.ts";
import { acquireLock } from "../../state/lock.ts";
import { stoppable } from "../../time_limit.ts";

/**
 * `hostname [NAME]`: sets the host name, and prints it.
 *
 * @throws {ProvisioningError} If another run is under way, or the name cannot be set.
 */
export async function run(
  invocation: Invocation<"imds" | "timeoutMs" | "dryRun" | "stateDir">,
): Promise<ExitCode> {
  const { options, positionals, log, signal } = invocation;
  const [given] = positionals;
  const context = callContext(invocation);
  const name = given === undefined
    ? hostNameFrom(
      await withPath(fetchInstance(options.imds, context), options.imds),
      log,
    )
    : checkGiven(given);
  if (!options.dryRun) {
    using work = stoppable(signal);
    acquireLock(options.stateDir, { log, signal: work.ended });
    const remainingMs = context.deadline - context.clock.now();
    await setHostName(name, systemHost, {
      log,
      signal: work.signal,
      remainingMs,
    });
  }
  print(`${name}\n`);
  return ExitCode.ok;
}

/** A name on the command line is never changed silently. */
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
