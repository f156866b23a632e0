import { fileProblem } from "../files/file_problem.ts";
import { isThere } from "../files/is_there.ts";
import type { Host } from "../host/host.ts";
import { PROXY_AGENT } from "../http/proxy_agent.ts";
import type { Metadata } from "../imds/metadata.ts";
import type { Log } from "../log/create_log.ts";
import { filledIn, fillIn } from "../media/fill_in.ts";
import { type OvfEnv, readOvfEnv } from "../media/ovf_env.ts";
import { neededOfMedia } from "../media/needed_of_media.ts";
import { awaitMedia, giveUpMedia } from "./await_media.ts";
import type { Media } from "./options.ts";
import type { Run } from "./run.ts";
import {
  asProvisioningError,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult } from "../record/recorder.ts";
import { shorten } from "../shorten.ts";

/** The metadata with what the media add, and how the media were read, for the record. */
interface FilledIn {
  readonly metadata: Metadata;
  readonly result: PhaseResult;
}

/**
 * Fills in from the provisioning media what the metadata lacks. The media are waited for
 * only if something is needed that they alone may have.
 *
 * Media that cannot be used are a warning, and the VM goes on with the metadata alone.
 * Where there is none either, its error gives both reasons.
 *
 * @param metadata The metadata, or why there is none.
 */
export async function withMedia(
  metadata: Metadata,
  run: Run,
): Promise<Metadata> {
  const { options: { media, log, host }, recorder } = run;
  await awaitIfNeeded(metadata, run);
  // A file that the caller named has to be there.
  if (media === undefined || media.removeAtEnd && !isThere(media.path)) {
    return metadata;
  }
  const filled = await recorder.phase(
    "media",
    () => fillInFrom(media.path, metadata, host, log),
    ({ result }) => result,
  );
  return filled.metadata;
}

async function awaitIfNeeded(
  metadata: Metadata,
  { options: { media, selection }, calls }: Run,
): Promise<void> {
  if (!media?.removeAtEnd || isThere(media.path)) return;
  const needed = neededOfMedia(
    metadata.ok ? metadata.value : {},
    (part) => selection.has(part),
  ).join(", ");
  if (needed === "") return;
  calls.log.debug(`Only the provisioning media may have: ${needed}`);
  const startMs = calls.clock.now();
  if (!await awaitMedia(media.path, calls)) return;
  const tookMs = Math.round(calls.clock.now() - startMs);
  calls.log.info(`Waited ${tookMs} ms for the provisioning media: ${needed}`);
}

/**
 * Returns whether the provisioning media ask for the guest proxy agent; `false` if they
 * cannot be used.
 */
export function wantsProxyAgent(media: Media | undefined): boolean {
  try {
    return media !== undefined && readOvfEnv(media.path).wantsProxyAgent;
  } catch {
    return false;
  }
}

/**
 * Removes the copy of the provisioning media, as it may hold a password. Failure is a
 * warning. Needs `--allow-write` for it. What may still look for the media is told to end.
 *
 * @param media The copy; one that the caller named stays.
 * @param log The journal.
 */
export function removeMedia(media: Media | undefined, log: Log): void {
  if (!media?.removeAtEnd) return;
  const stillLooking = giveUpMedia(media.path);
  if (stillLooking !== undefined) log.warn(stillLooking);
  if (!isThere(media.path)) return;
  try {
    Deno.removeSync(media.path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    log.warn(
      `Cannot remove the copy of what the provisioning media say, "${media.path}": ${
        fileProblem(error)
      }; remove it by hand, as it may hold a password`,
    );
  }
}

function fillInFrom(
  path: string,
  metadata: Metadata,
  host: Pick<Host, "has">,
  log: Log,
): FilledIn {
  let ovfEnv: OvfEnv;
  try {
    ovfEnv = readOvfEnv(path);
  } catch (error) {
    return withoutMedia(metadata, asProvisioningError(error), log);
  }
  if (ovfEnv.wantsProxyAgent && !host.has(PROXY_AGENT)) {
    log.warn(
      `The provisioning media ask for the Metadata Security Protocol, but its guest proxy agent is not in this image: put ${PROXY_AGENT} into the image, or create the VM without; the platform may refuse requests at any time`,
    );
  }
  const before = metadata.ok ? metadata.value : {};
  const value = fillIn(before, ovfEnv.instance);
  const words = filledIn(value) || "nothing";
  if (!metadata.ok) {
    log.warn(
      `${metadata.error.message}; using the provisioning media instead`,
    );
  }
  log.info(`Taken from the provisioning media: ${words}`);
  if (before.publicKeys === undefined) warnOf(ovfEnv.absentKeys, log);
  if (ovfEnv.instance.adminPassword !== value.adminPassword) {
    log.warn(
      "The provisioning media give a password for another user than the metadata names: it is not set",
    );
  }
  const place = metadata.ok ? "" : "in the place of the metadata: ";
  return {
    metadata: { ok: true, value },
    result: { outcome: "done", what: `${place}${words}` },
  };
}

function withoutMedia(
  metadata: Metadata,
  problem: ProvisioningError,
  log: Log,
): FilledIn {
  log.warn(`${problem.message}; going on without them`);
  const result = { outcome: "warned", what: problem.key } as const;
  if (metadata.ok) return { metadata, result };
  const { message, key, exitCode } = metadata.error;
  const error = new ProvisioningError(`${message}. ${problem.message}`, {
    key,
    exitCode,
  });
  return { metadata: { ok: false, error }, result };
}

/** The platform holds the keys themselves in a form that only other agents read. */
function warnOf(fingerprints: readonly string[], log: Log): void {
  for (const fingerprint of fingerprints) {
    log.warn(
      `The provisioning media name an SSH key by its fingerprint "${
        shorten(fingerprint)
      }" only: it cannot be used; create the VM with the key itself`,
    );
  }
}
