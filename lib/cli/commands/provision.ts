import { type Invocation, timeoutMs, wireServer } from "../command.ts";
import { DEFAULT_OPTIONS } from "../options.ts";
import { UsageError } from "../output.ts";
import { partListsOf, settingsOf } from "../part_options.ts";
import { systemHost } from "../../host/host.ts";
import { PARTS } from "../../parts/parts.ts";
import { selectParts } from "../../parts/select_parts.ts";
import { provision } from "../../provision.ts";
import { ExitCode } from "../../provisioning_error.ts";

/**
 * `provision`: the whole first boot.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, problem, log, clock, signal } = invocation;
  await checkStateDir(options.stateDir);
  if (problem !== undefined) {
    log.warn(
      `${problem.message}; the platform is told, unless this VM is done`,
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
      // What somebody names is theirs.
      isTakenAway: options.ovfEnv === DEFAULT_OPTIONS.ovfEnv,
    },
    // Whoever names an address, even this one, says that a platform is there.
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
 * A folder that the disk does not let it write is a warning, later; one that the
 * program itself may not is a mistake of whoever named it, and is found at once.
 */
async function checkStateDir(path: string): Promise<void> {
  if (path === DEFAULT_OPTIONS.stateDir) return;
  const { state } = await Deno.permissions.query({ name: "write", path });
  if (state === "granted") return;
  throw new UsageError(
    `The option "--state-dir" names "${path}", and the program was compiled without the permission to write there; leave the option out, or name a folder in "${DEFAULT_OPTIONS.stateDir}"`,
  );
}
