import { ExitCode } from "../exit_code.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import type { OnSilence } from "./goal_state.ts";
import type { Metadata } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";
import type { Stoppable } from "./stoppable.ts";

const NOT_ON_AZURE = { key: "not_on_azure", exitCode: ExitCode.ok };

/** What {@linkcode leaveElsewhere} has to know of the run. */
export interface LeavableRun extends Pick<Stoppable, "leave"> {
  /** The metadata, which may not have come yet. */
  readonly metadata: Promise<Metadata>;
  /** When the run ends, on the clock's time, in milliseconds. */
  readonly deadline: number;
}

/**
 * Makes what has a run leave a machine that is not on Azure; it is loaded only where
 * nobody answers.
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
    const { whyElsewhere } = await import("./why_elsewhere.ts");
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
