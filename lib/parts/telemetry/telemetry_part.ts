import type { RunPart } from "../part.ts";
import { isPool, KVP_POOL } from "./kvp_pool.ts";
import { notifyHost } from "./notify_host.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/**
 * Makes the part that notifies the host of a success, right before Ready.
 *
 * @param pool {@linkcode KVP_POOL}, except in tests.
 */
export function telemetryPart(pool: string): RunPart {
  return async ({ instance, phases, clock, signal, required }) => {
    if (!await isPool(pool)) {
      const why = `There is no "${pool}" (hv_kvp_daemon makes it)`;
      if (!required) return { kind: "skipped", why };
      throw new ProvisioningError(
        `${why}; install it, or leave "telemetry" out`,
        { key: "telemetry_no_pool", exitCode: ExitCode.configuration },
      );
    }
    await notifyHost(
      { vmId: instance.vmId, phases, pool },
      { clock, signal },
    );
    return { kind: "done", what: `Notified the host through "${pool}"` };
  };
}

/** The part `telemetry`. */
export const run: RunPart = telemetryPart(KVP_POOL);
