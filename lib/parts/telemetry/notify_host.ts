import type { Phase } from "../../record/record.ts";
import { KVP_POOL, type PoolContext, putInPool } from "./kvp_pool.ts";
import {
  type Outcome,
  phaseReport,
  provisioningReport,
} from "./provisioning_report.ts";

/** How provisioning went. */
export interface HostNotice extends Omit<Outcome, "at"> {
  /** The phases of the run that have ended. */
  readonly phases: readonly Phase[];
  /**
   * The pool to write to; for tests.
   *
   * @default {KVP_POOL}
   */
  readonly pool?: string;
}

/**
 * Notifies the host how provisioning went, through Hyper-V's key-value pairs.
 *
 * Call it before the health report, because the platform does not read them later. It
 * needs no network: if WireServer is unreachable, this is all that the platform learns.
 *
 * @param notice What to say; the reason must contain no secrets.
 * @throws {ProvisioningError} If the pool cannot be written.
 */
export async function notifyHost(
  { pool = KVP_POOL, phases, ...outcome }: HostNotice,
  context: PoolContext,
): Promise<void> {
  await putInPool(pool, [
    provisioningReport({ ...outcome, at: new Date() }),
    ...(phases.length === 0 ? [] : [phaseReport(phases)]),
  ], context);
}
