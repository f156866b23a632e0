import { fileProblem } from "../files/write_atomically.ts";
import type { CallContext } from "../http/retry.ts";
import { fetchInstance } from "../imds/client.ts";
import type { Instance } from "../imds/instance.ts";
import type { Log } from "../log/create_log.ts";
import { filledIn, fillIn } from "../media/fill_in.ts";
import { type OvfEnv, readOvfEnv } from "../media/ovf_env.ts";
import type { ProvisionOptions } from "./options.ts";
import {
  asProvisioningError,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult } from "../record/recorder.ts";
import { shorten } from "../shorten.ts";

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

/** What is known of the VM, and how asking the media went. */
export interface TakenFromMedia {
  /** The metadata, filled in. */
  readonly metadata: Metadata;
  /** For the record. */
  readonly result: PhaseResult;
}

/**
 * Fills in from the copy of `ovf-env.xml` what the metadata lack.
 *
 * Media that cannot be used are a warning, and the VM goes on with what the metadata
 * say. Where these are away, too, both reasons are in the error that whatever needs
 * them fails with.
 *
 * @param metadata The metadata, or why there are none.
 * @param path The copy.
 * @param log Where it is written what was taken, and from where.
 * @returns What is known then.
 */
export function takeFromMedia(
  metadata: Metadata,
  path: string,
  log: Log,
): TakenFromMedia {
  let ovfEnv: OvfEnv;
  try {
    ovfEnv = readOvfEnv(path);
  } catch (error) {
    return goOnWithout(metadata, asProvisioningError(error), log);
  }
  const before = metadata.ok ? metadata.value : {};
  const value = fillIn(before, ovfEnv.instance);
  const words = filledIn(value) || "nothing";
  if (!metadata.ok) {
    log.warn(
      `${metadata.error.message}; the provisioning media are used in their place`,
    );
  }
  log.info(`Taken from the provisioning media: ${words}`);
  if (before.publicKeys === undefined) warnOf(ovfEnv.absentKeys, log);
  const place = metadata.ok ? "" : "in the place of the metadata: ";
  return {
    metadata: { ok: true, value },
    result: { outcome: "done", what: `${place}${words}` },
  };
}

function goOnWithout(
  metadata: Metadata,
  problem: ProvisioningError,
  log: Log,
): TakenFromMedia {
  log.warn(`${problem.message}; going on without them`);
  const result = { outcome: "warned", what: problem.key } as const;
  if (metadata.ok) return { metadata, result };
  const { message, key, exitCode } = metadata.error;
  return {
    metadata: {
      ok: false,
      error: new ProvisioningError(`${message}. ${problem.message}`, {
        key,
        exitCode,
      }),
    },
    result,
  };
}

/** The keys themselves are with the platform, in a form that only other agents read. */
function warnOf(fingerprints: readonly string[], log: Log): void {
  for (const fingerprint of fingerprints) {
    log.warn(
      `The provisioning media name an SSH key by its fingerprint "${
        shorten(fingerprint)
      }" only: it cannot be used; create the VM with the key itself`,
    );
  }
}

/**
 * Removes the copy of `ovf-env.xml`. Needs `--allow-write` for it.
 *
 * @param path Its path.
 * @param log Where it is written if that fails: a password may be in it.
 */
export function removeMedia(path: string, log: Log): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    log.warn(
      `Cannot remove the copy of what the provisioning media say, "${path}": ${
        fileProblem(error)
      }; remove it by hand, as it may hold a password`,
    );
  }
}
