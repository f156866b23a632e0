import type { Host } from "./host/host.ts";
import { type Metadata, vmIdOf } from "./imds/metadata.ts";
import { runParts } from "./parts/run_parts.ts";
import { askForGoalState } from "./provision/ask_for_goal_state.ts";
import { removeMedia, withMedia } from "./provision/media.ts";
import { askForMetadata } from "./provision/ask_for_metadata.ts";
import { isOffAzure, leaveOffAzure } from "./provision/off_azure.ts";
import type {
  ProvisionOptions,
  ProvisionOutcome,
} from "./provision/options.ts";
import { orReportFailure, reportReady } from "./provision/report.ts";
import { type Run, startRun } from "./provision/run.ts";
import { ProvisioningError } from "./provisioning_error.ts";
import type { VmIdentity } from "./state/mark.ts";
import { raiseBootFlag } from "./state/boot_flag.ts";
import { leaveMark, RunOnce } from "./state/run_once.ts";
import { messageOf } from "./provisioning_error.ts";
import { goalStateIn } from "./wireserver/fetch_goal_state.ts";

/**
 * Provisions the VM, from the lock to the mark, and records it.
 *
 * The metadata and the goal state are requested at the same time, unless a mark names the
 * VM: then the metadata decides first whether there is anything to do. The parts set up
 * what the metadata asks for, Ready is reported, and last the VM is marked as done, so
 * that its next boots leave it alone.
 *
 * A VM without metadata goes on without it. If the platform refuses the goal state, Ready
 * goes out as JSON, which needs none, if JSON is allowed. A failure before Ready, other
 * than of an optional part that is not required, is reported as NotReady if the platform
 * answers, unless the VM may be ready already or the run was stopped. A machine that is
 * not on Azure is left alone.
 *
 * @param options The platform, the machine, and what is wanted.
 * @throws {ProvisioningError} If the VM did not report ready. If it cannot be marked
 * after it did, that is a warning, and its next boot reports again.
 */
export async function provision(
  options: ProvisionOptions,
): Promise<ProvisionOutcome> {
  options.signal?.throwIfAborted();
  // Takes the lock, lets the parts recover from a killed run, gives up permissions.
  using run = await startRun(options);
  const { recorder } = run;
  try {
    const isProvisioned = await firstBoot(run);
    if (isProvisioned) recorder.end("provisioned");
    else recorder.tidyUp();
    const unflagged = raiseBootFlag(options.stateDir);
    if (unflagged !== undefined) options.log.warn(unflagged);
    return isProvisioned ? "provisioned" : "nothing to do";
  } catch (error) {
    if (isOffAzure(error)) {
      options.log.info(error.message);
      recorder.end("not on Azure");
      return "not on Azure";
    }
    const told = withProblem(error, options.problem);
    recorder.end(options.signal?.aborted ? "stopped" : "failed", told);
    throw told;
  } finally {
    removeMedia(options.media, options.log);
  }
}

/** Returns false if there was nothing to do. */
async function firstBoot(run: Run): Promise<boolean> {
  const { options: { stateDir, log, problem }, recorder, calls } = run;
  const once = new RunOnce(run.options);
  /** True if this VM is done. Another VM's mark is removed. */
  const checkMark = (vm: VmIdentity): boolean => {
    recorder.note(vm);
    return once.checkMark(vm);
  };

  if (once.mark === undefined) recorder.begin();
  const metadata = askForMetadata(run);
  // A mark that holds the VM's id decides before the goal state is requested.
  if (once.mark?.vmId !== undefined) {
    const vmId = vmIdOf(await metadata);
    calls.signal.throwIfAborted();
    if (checkMark({ vmId })) return false;
  }
  const isUnmarked = once.mark === undefined;
  if (isUnmarked) forgetOtherVm(run);
  const goalState = askForGoalState(run, leaveOffAzure(metadata, run));

  const requests = { goalState, metadata };
  const vm = await orReportFailure(requests, once, run, async () => {
    const instanceId = goalStateIn(await goalState)?.instanceId;
    const vmId = vmIdOf(await metadata);
    calls.signal.throwIfAborted();
    if (checkMark({ vmId, instanceId })) return undefined;
    if (once.mark !== undefined) {
      log.info(
        "Cannot tell whether the mark belongs to this VM: provisioning again",
      );
    }
    recorder.begin();
    // Such as a configuration file that cannot be used.
    if (problem !== undefined) throw problem;
    if (!isUnmarked) forgetOtherVm(run);
    return await setUp(await withMedia(await metadata, run), run);
  });
  if (vm === undefined) return false;

  const reported = await reportReady(requests, run);
  recorder.note({ health: "Ready" });
  const mark = () =>
    leaveMark({ ...vm, instanceId: reported?.instanceId }, {
      stateDir,
      makeRoom: () => recorder.discard(),
    });
  try {
    await recorder.phase("mark", mark);
  } catch (error) {
    // The VM is ready, so nothing is left that could be a failure.
    log.warn(messageOf(error));
  }
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

/** What is wrong with the set-up stays the reason, even if it could not be reported. */
function withProblem(
  error: unknown,
  problem: ProvisioningError | undefined,
): unknown {
  if (
    problem === undefined || error === problem ||
    !(error instanceof ProvisioningError)
  ) return error;
  const { key, exitCode } = problem;
  return new ProvisioningError(
    `${problem.message}. This could not be reported: ${error.message}`,
    { key, exitCode, cause: error },
  );
}

/** Only the dns part uses it, so failure to read it is not fatal. */
function nameOf(host: Host): string | undefined {
  try {
    return host.currentName();
  } catch {
    return undefined;
  }
}
