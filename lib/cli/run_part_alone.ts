import { callContext, type Invocation } from "./command.ts";
import { print } from "./output.ts";
import { settingsOf } from "./part_options.ts";
import { escapeUnprintable } from "../escape_unprintable.ts";
import { systemHost } from "../host/host.ts";
import { fetchInstance } from "../imds/client.ts";
import { run as runPart } from "../parts/login/user_part.ts";
import type { RunPart } from "../parts/part.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import { acquireLock } from "../state/lock.ts";
import { stoppable } from "../time_limit.ts";

/**
 * Runs one part of a first boot by itself: asks for the metadata, does the work, and
 * prints what was done. What is missing is a failure, as somebody asked for it. While a
 * first boot is under way, that does the work.
 *
 * @param part The part's work.
 * @param invocation The command line.
 * @returns The exit status.
 * @throws {ProvisioningError} If there are no metadata, the part fails or is skipped, or
 * another run is under way.
 */
export async function runPartAlone(
  part: RunPart,
  invocation: Invocation,
): Promise<ExitCode> {
  const { options, log, signal } = invocation;
  using run = stoppable(signal);
  acquireLock(options.stateDir, { log, signal: run.ended });
  const context = callContext(invocation);
  const outcome = await part({
    ...context,
    signal: run.signal,
    instance: await fetchInstance(options.imds, context),
    host: systemHost,
    stateDir: options.stateDir,
    settings: settingsOf(options),
    required: true,
    phases: [],
  });
  if (outcome.kind === "skipped") {
    throw new ProvisioningError(`Nothing was done: ${outcome.why}`, {
      key: "part_skipped",
      exitCode: ExitCode.configuration,
    });
  }
  print(`${escapeUnprintable(outcome.what)}\n`);
  return ExitCode.ok;
}

/**
 * `user`: makes the admin user of the metadata, or adopts it, and says what was done.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  return await runPartAlone(runPart, invocation);
}
