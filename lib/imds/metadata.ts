import type { ProvisioningError } from "../provisioning_error.ts";
import type { Instance } from "./instance.ts";

/** The metadata, or why there is none. */
export type Metadata =
  | { readonly ok: true; readonly value: Instance }
  | { readonly ok: false; readonly error: ProvisioningError };

/**
 * The VM's id, if the metadata holds it.
 *
 * @param metadata The metadata; `undefined` if it has not arrived.
 */
export function vmIdOf(metadata: Metadata | undefined): string | undefined {
  return metadata?.ok ? metadata.value.vmId : undefined;
}
