import { escapeUnprintable } from "../../escape_unprintable.ts";
import { isThere } from "../../files/is_there.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";
import type { Part, PartContext, PartFailure, PartOutcome } from "../part.ts";
import { isPool, KVP_POOL, TELEMETRY_PATHS } from "./kvp_pool.ts";
import { notifyHost } from "./notify_host.ts";

/** The part `telemetry`: reports the outcome to the host, by Hyper-V's key-value pairs. */
export const telemetryPart: Part = {
  name: "telemetry",
  summary: "tells the host how it went, by Hyper-V's key-value pairs",
  default: true,
  needs: "`hv_kvp_daemon`, which makes `/var/lib/hyperv/.kvp_pool_1`",
  programs: [],
  paths: TELEMETRY_PATHS,
  optional: true,
  wanted: () => true,
  unavailable: () => isThere(KVP_POOL) ? undefined : "no hv_kvp_daemon",
  run: (context) => reportSuccess(context, KVP_POOL),
  onFailure: (failure) => reportFailure(failure, KVP_POOL),
};

/**
 * Reports success to the host, right before Ready.
 *
 * @param context What is known of the run.
 * @throws {ProvisioningError} If there is no pool and the part is required, or the
 * pool cannot be written.
 */
export async function reportSuccess(
  { instance, phases, clock, signal, required }: PartContext,
  pool: string,
): Promise<PartOutcome> {
  if (!await isPool(pool)) {
    const why = `There is no "${pool}" (hv_kvp_daemon makes it)`;
    if (!required) return { kind: "skipped", why };
    throw new ProvisioningError(
      `${why}; install it, or leave "telemetry" out`,
      { key: "telemetry_no_pool", exitCode: ExitCode.configuration },
    );
  }
  await notifyHost({ vmId: instance.vmId, phases, pool }, { clock, signal });
  return { kind: "done", what: `Notified the host through "${pool}"` };
}

/**
 * Reports failure to the host, if there is a pool; a pool that cannot be written is a
 * warning.
 *
 * The platform reads it no later than NotReady. Where WireServer does not answer, it is
 * all that the platform learns.
 */
async function reportFailure(
  { problem, vmId, phases, clock, signal, log }: PartFailure,
  pool: string,
): Promise<void> {
  if (!await isPool(pool)) return;
  try {
    const reason = escapeUnprintable(`${problem.key}: ${problem.message}`);
    await notifyHost({ vmId, reason, phases, pool }, { clock, signal });
    log.debug(`Notified the host through "${pool}"`);
  } catch (error) {
    signal?.throwIfAborted();
    log.warn(messageOf(error));
  }
}
