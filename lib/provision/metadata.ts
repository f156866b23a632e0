import type { CallContext } from "../http/retry.ts";
import { fetchInstance } from "../imds/client.ts";
import type { Instance } from "../imds/instance.ts";
import {
  asProvisioningError,
  type ProvisioningError,
} from "../provisioning_error.ts";
import type { ProvisionOptions } from "./options.ts";

/** The part of the time-out that the metadata get before the VM goes without them. */
const METADATA_SHARE = 1 / 4;

/** Metadata, or why there are none. */
export type Metadata =
  | { readonly ok: true; readonly value: Instance }
  | { readonly ok: false; readonly error: ProvisioningError };

/**
 * Asks for the metadata; that they stay away does not fail the run itself.
 *
 * @param options Where they are.
 * @param context What calls share.
 * @returns The metadata, or why there are none.
 */
export async function askForMetadata(
  { imds, timeoutMs, clock }: ProvisionOptions,
  context: CallContext,
): Promise<Metadata> {
  try {
    const value = await fetchInstance(imds, {
      ...context,
      deadline: clock.now() + timeoutMs * METADATA_SHARE,
    });
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error: asProvisioningError(error) };
  }
}

/**
 * The VM's id.
 *
 * @param metadata The metadata, or why there are none.
 * @returns The id, if they have it.
 */
export function vmIdOf(metadata: Metadata): string | undefined {
  return metadata.ok ? metadata.value.vmId : undefined;
}
