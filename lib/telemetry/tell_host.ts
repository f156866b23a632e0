import type { Phase } from "../record/phase.ts";
import {
  KVP_POOL,
  type PoolContext,
  putInPool,
} from "../parts/telemetry/kvp_pool.ts";
import {
  phaseReport,
  provisioningReport,
} from "../parts/telemetry/provisioning_report.ts";

/** What the host is told. */
export interface Telling {
  /** The VM's id, if it is known. */
  readonly vmId: string | undefined;
  /** Why the provisioning failed; absent where it did not. No secrets. */
  readonly reason?: string;
  /** The phases of the run that have ended. */
  readonly phases: readonly Phase[];
  /** The pool, if it is another than the machine's own. */
  readonly pool?: string;
}

/**
 * Tells the host, by way of Hyper-V's key-value pairs, how the provisioning went.
 *
 * It has to come before the health report: the platform reads it no later. It needs
 * no network, so it is all that the platform learns where WireServer is out of reach.
 *
 * @param telling What it is told.
 * @param context Time, and what ends the wait.
 * @throws {ProvisioningError} If it cannot be written.
 */
export async function tellHost(
  { pool = KVP_POOL, phases, ...outcome }: Telling,
  context: PoolContext,
): Promise<void> {
  await putInPool(pool, [
    provisioningReport({ ...outcome, at: new Date() }),
    ...(phases.length === 0 ? [] : [phaseReport(phases)]),
  ], context);
}
