import {
  formatMark,
  type Mark,
  type VmIdentity,
} from "../../lib/state/mark.ts";
import type { Vm } from "./_vm.ts";

/** The role instance of the simulated platform. */
export const INSTANCE_ID = "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1";

/** Both ids of the VM that a test makes up. */
export const THIS_VM = {
  vmId: "1d000000-0000-4000-8000-000000000001",
  instanceId: INSTANCE_ID,
};

/**
 * Writes a mark down.
 *
 * @param ids Whose it is.
 * @returns Its text.
 */
export function markText(ids: VmIdentity = {}): string {
  return formatMark(
    { at: "2026-01-02T03:04:05.678Z", version: "0.0.1", ...ids } as Mark,
  );
}

/**
 * Reads a mark as it is.
 *
 * @param vm The VM that has it.
 * @returns Its text.
 */
export function readMarkText({ stateDir }: Vm): Promise<string> {
  return Deno.readTextFile(`${stateDir}/provisioned.json`);
}

/**
 * Reads a mark, if there is one.
 *
 * @param vm The VM that may have it.
 * @returns What it holds.
 */
export async function markOf({ stateDir }: Vm): Promise<unknown> {
  try {
    return JSON.parse(
      await Deno.readTextFile(`${stateDir}/provisioned.json`),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
