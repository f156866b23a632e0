import { type Invocation, timeoutMs, wireServer } from "../command.ts";
import { DEFAULT_OPTIONS } from "../options.ts";
import { partListsOf, type PartOption, settingsOf } from "../part_options.ts";
import { UsageError } from "../usage_error.ts";
import { systemHost } from "../../host/host.ts";
import type { PartSettings } from "../../parts/part.ts";
import { PARTS } from "../../parts/parts.ts";
import { selectParts } from "../../parts/select_parts.ts";
import { provision } from "../../provision.ts";
import { ExitCode } from "../../provisioning_error.ts";

/** The options of a first boot. */
type ProvisionOption =
  | PartOption
  | keyof PartSettings
  | "wireserver"
  | "imds"
  | "agentName"
  | "timeoutMs"
  | "stateDir"
  | "force"
  | "ovfEnv"
  | "healthProtocol";

/** `provision`: the whole first boot. */
export async function run(
  invocation: Invocation<ProvisionOption>,
): Promise<ExitCode> {
  const { options, problem, log, clock, signal } = invocation;
  await checkStateDir(options.stateDir);
  if (problem !== undefined) {
    log.warn(
      `${problem.message}; this is reported to the platform, unless this VM is done`,
    );
  }
  await provision({
    wireserver: wireServer(invocation),
    healthProtocol: options.healthProtocol,
    imds: options.imds,
    timeoutMs: timeoutMs(invocation),
    stateDir: options.stateDir,
    force: options.force,
    media: {
      path: options.ovfEnv,
      // A file that the command line names is kept.
      removeAtEnd: options.ovfEnv === DEFAULT_OPTIONS.ovfEnv,
    },
    // Naming an address, even this one, means that there is a platform.
    leaveOffAzure: !options.force &&
      options.wireserver === DEFAULT_OPTIONS.wireserver,
    problem,
    selection: selectParts(PARTS, partListsOf(options)),
    parts: PARTS,
    settings: settingsOf(options),
    host: systemHost,
    clock,
    log,
    signal,
  });
  return ExitCode.ok;
}

/**
 * A folder that the compiled program may never write is a mistake on the command line, and
 * found at once. One that the disk cannot write is only a warning, later.
 */
async function checkStateDir(path: string): Promise<void> {
  if (path === DEFAULT_OPTIONS.stateDir) return;
  const { state } = await Deno.permissions.query({ name: "write", path });
  if (state === "granted") return;
  throw new UsageError(
    `The option "--state-dir" names "${path}", but the program was compiled without the permission to write there; omit the option, or name a folder in "${DEFAULT_OPTIONS.stateDir}"`,
  );
}
