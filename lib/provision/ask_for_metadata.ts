import { fetchInstance } from "../imds/client.ts";
import type { Metadata } from "../imds/metadata.ts";
import { explain } from "./explain.ts";
import { asProvisioningError } from "../provisioning_error.ts";
import type { Run } from "./run.ts";

/** The share of the time-out after which the VM goes on without metadata. */
const METADATA_SHARE = 1 / 4;

/**
 * Asks for the metadata. It never rejects: a VM without metadata can still report ready.
 */
export function askForMetadata(
  { options, recorder, calls }: Run,
): Promise<Metadata> {
  const { imds, timeoutMs, host, clock } = options;
  return recorder.phase(
    "metadata",
    async (): Promise<Metadata> => {
      try {
        const deadline = clock.now() + timeoutMs * METADATA_SHARE;
        return {
          ok: true,
          value: await fetchInstance(imds, { ...calls, deadline }),
        };
      } catch (error) {
        const { signal } = calls;
        const explained = await explain(error, imds, { host, signal });
        return { ok: false, error: asProvisioningError(explained) };
      }
    },
    (metadata) =>
      metadata.ok
        ? { outcome: "done" }
        : { outcome: "warned", what: metadata.error.key },
  );
}
