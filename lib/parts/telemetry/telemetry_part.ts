import type { RunPart } from "../part.ts";
import { isPool, KVP_POOL } from "./kvp_pool.ts";
import { tellHost } from "./provisioning_report.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/**
 * Makes the part that tells the host of a success, right before Ready.
 *
 * @param pool The pool; {@linkcode KVP_POOL} but in tests.
 * @returns The part.
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
    await tellHost(
      { vmId: instance.vmId, phases, pool },
      { clock, signal },
    );
    return { kind: "done", what: `Told the host by "${pool}"` };
  };
}

/** The part `telemetry`. */
export const run: RunPart = telemetryPart(KVP_POOL);
