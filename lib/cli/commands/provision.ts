import { ExitCode } from "../../exit_code.ts";
import { systemHost } from "../../host/system_host.ts";
import { HOST_NAME_PART, PARTS } from "../../parts/parts.ts";
import { selectParts } from "../../parts/select_parts.ts";
import { provision } from "../../provision.ts";
import { type Invocation, timeoutMs, wireServer } from "../command.ts";
import { partListsOf, settingsOf } from "../part_options.ts";

/**
 * `provision`: the whole first boot.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, log, clock, signal } = invocation;
  await provision({
    wireserver: wireServer(invocation),
    healthProtocol: options.healthProtocol,
    imds: options.imds,
    timeoutMs: timeoutMs(invocation),
    stateDir: options.stateDir,
    force: options.force,
    selection: selectParts([HOST_NAME_PART, ...PARTS], partListsOf(options)),
    parts: PARTS,
    settings: settingsOf(options),
    host: systemHost,
    clock,
    log,
    signal,
  });
  return ExitCode.ok;
}
