import { escapeUnprintable } from "../escape_unprintable.ts";
import { withPath } from "./explained.ts";
import { systemHost } from "../host/host.ts";
import { fetchInstance } from "../imds/client.ts";
import type { Part } from "../parts/part.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import { acquireLock } from "../state/lock.ts";
import { stoppable } from "../time_limit.ts";
import { callContext, type Invocation, type RunCommand } from "./command.ts";
import { print } from "./output.ts";
import { settingsOf } from "./part_options.ts";

/**
 * Makes the command that runs one part of a first boot by itself.
 *
 * It fetches the metadata, does the part's work, and prints what was done. A part that
 * skips its work is a failure here, as the caller asked for it.
 *
 * @returns The command. It throws a {@linkcode ProvisioningError} if there is no
 * metadata, the part fails or skips its work, or another run is under way.
 */
export function runPartAlone(part: Part): RunCommand {
  return async (invocation: Invocation): Promise<ExitCode> => {
    const { options, log, signal } = invocation;
    const { stateDir } = options;
    using work = stoppable(signal);
    acquireLock(stateDir, { log, signal: work.ended });
    await part.recover?.({ stateDir, log });
    const context = callContext(invocation);
    const outcome = await part.run({
      ...context,
      signal: work.signal,
      instance: await withPath(
        fetchInstance(options.imds, context),
        options.imds,
      ),
      host: systemHost,
      stateDir,
      settings: settingsOf(options),
      required: true,
      phases: [],
    });
    if (outcome.kind !== "done") {
      const why = outcome.kind === "skipped" ? outcome.why : outcome.warning;
      throw new ProvisioningError(`Nothing was done: ${why}`, {
        key: "part_skipped",
        exitCode: ExitCode.configuration,
      });
    }
    print(`${escapeUnprintable(outcome.what)}\n`);
    return ExitCode.ok;
  };
}
