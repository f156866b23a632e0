import { escapeUnprintable } from "../escape_unprintable.ts";
import { type Metadata, vmIdOf } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";
import { messageOf, type ProvisioningError } from "../provisioning_error.ts";
import type { Phase } from "../record/record.ts";

/**
 * Tells the host why the VM is not ready, if the part `telemetry` may run and there
 * is something to tell it by. It never fails the run itself.
 *
 * The platform reads it no later than NotReady; where WireServer does not answer, it
 * is all that the platform learns.
 *
 * @param problem The failure.
 * @param metadata The metadata; they are not waited for.
 * @param options The machine.
 * @param phases The phases of the run that have ended.
 */
export async function tellHostOfFailure(
  problem: ProvisioningError,
  metadata: Promise<Metadata>,
  { selection, clock, log, signal }: ProvisionOptions,
  phases: readonly Phase[],
): Promise<void> {
  if (!selection.has("telemetry")) return;
  try {
    const { isPool, KVP_POOL } = await import("../parts/telemetry/kvp_pool.ts");
    if (!await isPool(KVP_POOL)) return;
    const { notifyHost } = await import(
      "../parts/telemetry/notify_host.ts"
    );
    const known = await Promise.race([metadata, Promise.resolve(undefined)]);
    await notifyHost({
      vmId: known === undefined ? undefined : vmIdOf(known),
      reason: escapeUnprintable(`${problem.key}: ${problem.message}`),
      phases,
    }, { clock, signal });
    log.debug(`Notified the host through "${KVP_POOL}"`);
  } catch (error) {
    signal?.throwIfAborted();
    log.warn(messageOf(error));
  }
}
