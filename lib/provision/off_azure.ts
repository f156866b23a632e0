import type { Metadata } from "../imds/metadata.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import type { OnSilence } from "./ask_for_goal_state.ts";
import type { Run } from "./run.ts";

const OFF_AZURE = { key: "not_on_azure", exitCode: ExitCode.ok };

/**
 * Returns a callback that ends the run on a machine that is not on Azure.
 *
 * @param metadata The metadata, which may not have come yet.
 * @returns What to do while WireServer is silent; `undefined` if the run goes on anywhere.
 */
export function leaveOffAzure(
  metadata: Promise<Metadata>,
  run: Run,
): OnSilence | undefined {
  if (!run.options.leaveOffAzure) return undefined;
  return async (silence) => {
    const { whyOffAzure } = await import("./when_silent.ts");
    const why = await whyOffAzure(metadata, silence, run);
    if (why === undefined || silence.aborted) return;
    run.leave(new ProvisioningError(why, OFF_AZURE));
  };
}

/**
 * Whether a run ended because the machine is not on Azure; the message says why.
 *
 * @param error What the run ended with.
 */
export function isOffAzure(error: unknown): error is ProvisioningError {
  return error instanceof ProvisioningError && error.key === OFF_AZURE.key;
}
