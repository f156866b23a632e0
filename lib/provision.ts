import type { Host } from "./host/host.ts";
import { type Metadata, vmIdOf } from "./imds/metadata.ts";
import { runParts } from "./parts/run_parts.ts";
import { askForGoalState } from "./provision/goal_state.ts";
import { removeMedia, withMedia } from "./provision/media.ts";
import { askForMetadata } from "./provision/metadata.ts";
import { isOffAzure, leaveOffAzure } from "./provision/off_azure.ts";
import type {
  ProvisionOptions,
  ProvisionOutcome,
} from "./provision/options.ts";
import { orReportFailure, reportReady } from "./provision/report.ts";
import { type Run, startRun } from "./provision/run.ts";
import type { VmIdentity } from "./state/mark.ts";
import { leaveMark, RunOnce } from "./state/run_once.ts";
import { goalStateIn } from "./wireserver/fetch_goal_state.ts";

/**
 * Provisions the VM, from the first request to the mark, and records it.
 *
 * The goal state and the metadata are requested at the same time. Then the parts set up
 * what the metadata asks for, Ready is reported, and last the VM is marked as done, so
 * that its next boots leave it alone. If the platform refuses the goal state, Ready goes
 * out without one, as JSON. A failure is reported, too, if anything takes the report. A
 * machine that is not on Azure is left alone.
 *
 * @param options The platform, the machine, and what is wanted.
 * @throws {ProvisioningError} If the VM did not report ready, or could not be marked
 * after it did.
 */
export async function provision(
  options: ProvisionOptions,
): Promise<ProvisionOutcome> {
  options.signal?.throwIfAborted();
  using run = startRun(options);
  const { recorder } = run;
  try {
    const isProvisioned = await firstBoot(run);
    if (isProvisioned) recorder.end("provisioned");
    else recorder.tidyUp();
    return isProvisioned ? "provisioned" : "nothing to do";
  } catch (error) {
    if (isOffAzure(error)) {
      options.log.info(error.message);
      recorder.end("not on Azure");
      return "not on Azure";
    }
    recorder.end(options.signal?.aborted ? "stopped" : "failed", error);
    throw error;
  } finally {
    removeMedia(options.media, options.log);
  }
}

/** Returns false if there was nothing to do. */
async function firstBoot(run: Run): Promise<boolean> {
  const { options: { stateDir, log, problem }, recorder, calls } = run;
  const once = new RunOnce(run.options);
  const isDone = (vm: VmIdentity) => {
    recorder.note(vm);
    return once.isDone(vm);
  };

  if (once.mark === undefined) recorder.begin();
  const metadata = askForMetadata(run);
  // A mark that holds the VM's id decides before the goal state is requested.
  if (once.mark?.vmId !== undefined) {
    const vmId = vmIdOf(await metadata);
    calls.signal.throwIfAborted();
    if (isDone({ vmId })) return false;
  }
  if (once.mark === undefined) forgetOtherVm(run);
  const goalState = askForGoalState(run, leaveOffAzure(metadata, run));

  const asked = { goalState, metadata };
  const vm = await orReportFailure(asked, once, run, async () => {
    const instanceId = goalStateIn(await goalState)?.instanceId;
    const vmId = vmIdOf(await metadata);
    calls.signal.throwIfAborted();
    if (isDone({ vmId, instanceId })) return undefined;
    if (once.mark !== undefined) {
      log.info("The mark does not tell of which VM it is: provisioning again");
    }
    recorder.begin();
    if (problem !== undefined) throw problem;
    forgetOtherVm(run);
    return await setUp(await withMedia(await metadata, run), run);
  });
  if (vm === undefined) return false;

  const reported = await reportReady(asked, run);
  recorder.note({ health: "Ready" });
  await recorder.phase(
    "mark",
    () =>
      leaveMark({ ...vm, instanceId: reported?.instanceId }, {
        stateDir,
        makeRoom: () => recorder.discard(),
      }),
  );
  log.info("Provisioned: the platform knows that this VM is ready");
  return true;
}

function forgetOtherVm({ options: { parts, stateDir, log } }: Run): void {
  for (const { forget } of parts) forget?.({ stateDir, log });
}

async function setUp(metadata: Metadata, run: Run): Promise<VmIdentity> {
  const { options, recorder, calls } = run;
  const { parts, selection, host, stateDir, settings } = options;
  const { clock, log, signal, deadline } = calls;
  const machine = { host, stateDir, settings, nameBefore: nameOf(host) };
  const context = { ...machine, clock, log, signal, deadline };
  await runParts(parts, { selection, metadata, context, recorder });
  return { vmId: vmIdOf(metadata) };
}

/** Only the dns part uses it, so failure to read it is not fatal. */
function nameOf(host: Host): string | undefined {
  try {
    return host.currentName();
  } catch {
    return undefined;
  }
}
