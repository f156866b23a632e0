import { isThere } from "../files/is_there.ts";
import { CHASSIS_TAG_PATH, isChassisOfAnother } from "../host/chassis_tag.ts";
import { formatEndpoint } from "../http/endpoint.ts";
import type { Metadata } from "../imds/metadata.ts";
import { messageOf } from "../provisioning_error.ts";
import type { Run } from "./run.ts";

/** How long Azure may still answer if the chassis is another platform's, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * Finds out whether a machine on which WireServer is silent is on Azure at all.
 *
 * It is not if the chassis is certainly another platform's, and within two seconds more,
 * or a quarter of the time that is left, neither WireServer answers nor usable metadata
 * arrives. An answer of another kind proves nothing, as other clouds have theirs at the
 * same address.
 *
 * Nothing is checked if the image says that the program is to run anywhere, nor below a
 * service manager's journal: the unit has checked already, and would take a run that
 * ends well for one that has provisioned.
 */
export async function whyOffAzure(
  metadata: Promise<Metadata>,
  silence: AbortSignal,
  { options: { host, wireserver, clock, log }, calls }: Run,
): Promise<string | undefined> {
  const anywhere = `${host.etcDir}/azure-provisioning.anywhere`;
  if (isThere(anywhere) || isBelowJournal()) return undefined;
  try {
    if (!await isChassisOfAnother(host, { signal: silence })) return undefined;
    const leftMs = calls.deadline - clock.now();
    await clock.sleep(Math.max(0, Math.min(GRACE_MS, leftMs / 4)), silence);
    const known = await Promise.race([metadata, Promise.resolve(undefined)]);
    if (known?.ok) return undefined;
  } catch (error) {
    if (!silence.aborted) log.debug(messageOf(error));
    return undefined;
  }
  return `This is not Azure: the tag in "${CHASSIS_TAG_PATH}" is not Azure's, and nobody answers at ${
    formatEndpoint(wireserver.endpoint)
  }; nothing was done (--force tries all the same)`;
}

/** A terminal may have the variable from the session that opened it. */
function isBelowJournal(): boolean {
  try {
    return Deno.env.get("JOURNAL_STREAM") !== undefined &&
      !Deno.stderr.isTerminal();
  } catch {
    return false;
  }
}
