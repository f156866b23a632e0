import { filledIn, fillIn } from "../media/fill_in.ts";
import { readOvfEnv } from "../media/read_ovf_env.ts";
import type { OvfEnv } from "../media/ovf_env.ts";
import type { Log } from "../log/log.ts";
import {
  asProvisioningError,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult } from "../record/recorder.ts";
import { shorten } from "../shorten.ts";
import type { Metadata } from "./metadata.ts";

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
