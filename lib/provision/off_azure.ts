import { isThere } from "../files/is_there.ts";
import { CHASSIS_TAG_PATH, isChassisOfAnother } from "../host/chassis_tag.ts";
import { formatEndpoint } from "../http/endpoint.ts";
import type { OnSilence } from "./goal_state.ts";
import type { Metadata } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { Stoppable } from "../time_limit.ts";

const NOT_ON_AZURE = { key: "not_on_azure", exitCode: ExitCode.ok };

/** What {@linkcode leaveElsewhere} has to know of the run. */
export interface LeavableRun extends Pick<Stoppable, "leave"> {
  /** The metadata, which may not have come yet. */
  readonly metadata: Promise<Metadata>;
  /** When the run ends, on the clock's time, in milliseconds. */
  readonly deadline: number;
}

/**
 * Returns a callback that ends the run on a machine that is not on Azure.
 *
 * @param options The machine, and whether it is to be left.
 * @param run The run.
 * @returns What to do while nobody answers; `undefined` if the run goes on everywhere.
 */
export function leaveElsewhere(
  options: ProvisionOptions,
  { leave, metadata, deadline }: LeavableRun,
): OnSilence | undefined {
  if (!options.leaveElsewhere) return undefined;
  return async (silence) => {
    const why = await whyElsewhere(options, { metadata, deadline, silence });
    if (why === undefined || silence.aborted) return;
    leave(new ProvisioningError(why, NOT_ON_AZURE));
  };
}

/**
 * Says whether a run was left for that.
 *
 * @param error What it ended with.
 * @returns Whether it is not on Azure; the message says why.
 */
export function isElsewhere(error: unknown): error is ProvisioningError {
  return error instanceof ProvisioningError && error.key === NOT_ON_AZURE.key;
}

/** What {@linkcode whyElsewhere} has to know of the run. */
export interface SilentRun {
  /** The metadata, which may not have come yet. */
  readonly metadata: Promise<Metadata>;
  /** When the run ends, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Aborted when WireServer is not silent, or no longer asked. */
  readonly silence: AbortSignal;
}

/** How long Azure may still answer where the chassis is another's, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * Finds out whether a machine that WireServer is silent to is on Azure at all.
 *
 * It is not where the chassis is another's for certain, and within two seconds more, or
 * a quarter of the time that is left, neither WireServer answers nor do metadata come that
 * can be used. That something else answers in their place says nothing, as other clouds
 * have theirs at the same address.
 *
 * Nothing is looked at where the image says that the program is to run anywhere, nor
 * below a service manager's journal: the unit has looked already, and would take a run
 * that ends well for one that has provisioned.
 *
 * @param options The machine.
 * @param run What is known of the run.
 * @returns Why it is not on Azure; `undefined` if it may be.
 */
export async function whyElsewhere(
  { host, wireserver, clock, log }: Pick<
    ProvisionOptions,
    "host" | "wireserver" | "clock" | "log"
  >,
  { metadata, deadline, silence }: SilentRun,
): Promise<string | undefined> {
  const anywhere = `${host.etcDir}/azure-provisioning.anywhere`;
  if (isThere(anywhere) || isBelowJournal()) return undefined;
  try {
    if (!await isChassisOfAnother(host, { signal: silence })) return undefined;
    const leftMs = deadline - clock.now();
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
