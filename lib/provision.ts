import { nameTheHost } from "./parts/hostname/hostname_part.ts";
import type { Host } from "./parts/hostname/set_host_name.ts";
import { unlockLeftHome } from "./parts/login/home_lock.ts";
import { HOMES_DIR } from "./parts/login/login_machine.ts";
import { doParts } from "./parts/run_parts.ts";
import { forgetOldUserData } from "./parts/user_data/user_data_file.ts";
import { askForGoalState, phaseOfGoalState } from "./provision/goal_state.ts";
import { askMedia, forgetMedia } from "./provision/media.ts";
import { askForMetadata, type Metadata, vmIdOf } from "./provision/metadata.ts";
import { isElsewhere, leaveElsewhere } from "./provision/off_azure.ts";
import type {
  ProvisionOptions,
  ProvisionOutcome,
} from "./provision/options.ts";
import { reportReady } from "./provision/report.ts";
import { asProvisioningError } from "./provisioning_error.ts";
import { Recorder } from "./record/recorder.ts";
import { takeTurn } from "./state/lock.ts";
import { forgetMark, type VmIdentity } from "./state/mark.ts";
import { findMark, judgeMark, leaveMark } from "./state/run_once.ts";
import { type Stoppable, stoppable } from "./time_limit.ts";
import {
  goalStateIn,
  type GoalStateResult,
} from "./wireserver/fetch_goal_state.ts";

/**
 * A first boot, from top to bottom, and the record of it.
 *
 * The goal state and the metadata are asked for at the same time; then the host
 * name is set, the other parts do what the metadata ask for, Ready is reported last,
 * and only then is the VM marked as done. The same VM is left alone at its next
 * boots. Where the platform refuses the goal state, Ready goes without one, as JSON.
 * What keeps the VM from being ready is reported, too, if anything is there that
 * takes the report. A machine that is not on Azure is left alone.
 *
 * @param options The platform, the machine, and what is wanted.
 * @returns What was done.
 * @throws {ProvisioningError} If the VM did not report ready, or the mark could not
 * be written after it did.
 */
export async function provision(
  options: ProvisionOptions,
): Promise<ProvisionOutcome> {
  options.signal?.throwIfAborted();
  using run = stoppable(options.signal);
  takeTurn(options.stateDir, { log: options.log, signal: run.ended });
  // Whatever this run comes to, an earlier one may have been killed with a home locked.
  unlockLeftHome({ ...options, homesDir: HOMES_DIR });
  const recorder = new Recorder(options);
  try {
    const outcome = await firstBoot(options, run, recorder);
    if (outcome === "provisioned") recorder.end(outcome);
    else recorder.tidyUp();
    return outcome;
  } catch (error) {
    if (isElsewhere(error)) {
      options.log.info(error.message);
      recorder.end("not on Azure");
      return "not on Azure";
    }
    recorder.end(options.signal?.aborted ? "stopped" : "failed", error);
    throw error;
  } finally {
    await forgetMedia(options);
  }
}

async function firstBoot(
  options: ProvisionOptions,
  { signal, leave }: Stoppable,
  recorder: Recorder,
): Promise<ProvisionOutcome> {
  const { log, clock } = options;
  const context = {
    clock,
    log,
    signal,
    deadline: clock.now() + options.timeoutMs,
    onTry: recorder.onTry,
  };

  let { mark, mayBeReady } = findMark(options);
  if (mark === undefined) recorder.begin();
  const metadata = recorder.phase(
    "metadata",
    () => askForMetadata(options, context),
    (it) =>
      it.ok ? { outcome: "done" } : { outcome: "warned", what: it.error.key },
  );
  const isDone = (vm: VmIdentity): boolean => {
    recorder.note(vm);
    if (mark === undefined) return false;
    const owner = judgeMark(mark, vm, log);
    if (owner === "another") {
      [mark, mayBeReady] = [undefined, false];
      forgetMark(options.stateDir, log);
    }
    return owner === "same";
  };
  // The VM's id decides, so that a VM that is done is left alone at once.
  if (mark?.vmId !== undefined) {
    const vmId = vmIdOf(await metadata);
    options.signal?.throwIfAborted();
    if (isDone({ vmId })) return "nothing to do";
  }
  if (mark === undefined) await forgetOldUserData(options.stateDir, log);
  const onSilence = leaveElsewhere(options, { ...context, metadata, leave });
  let sought: GoalStateResult | undefined;
  let instance: Metadata;
  try {
    sought = await recorder.phase(
      "goal-state",
      () => askForGoalState(options, context, onSilence),
      phaseOfGoalState,
    );
    instance = await metadata;
    options.signal?.throwIfAborted();
    const instanceId = goalStateIn(sought)?.instanceId;
    if (isDone({ vmId: vmIdOf(instance), instanceId })) return "nothing to do";
    if (mark !== undefined) {
      log.info("The mark does not tell of which VM it is: provisioning again");
    }
    recorder.begin();
    if (options.problem !== undefined) throw options.problem;
    await forgetOldUserData(options.stateDir, log);
    const known = instance = await askMedia(instance, options, recorder);
    const nameBefore = nameOf(options.host);
    await recorder.phase(
      "hostname",
      () => nameTheHost(known, options, context),
      (result) => result,
    );
    await doParts(instance, { ...options, ...nameBefore }, context, recorder);
  } catch (error) {
    signal.throwIfAborted();
    const problem = asProvisioningError(error);
    if (mayBeReady) {
      log.info("A VM that may be ready is not reported as a failure");
    } else {
      const { reportFailure } = await import("./provision/report.ts");
      const run = { sought, metadata, recorder };
      await reportFailure(problem, run, options, context);
    }
    throw error;
  }

  const ready = sought;
  const reported = await recorder.phase(
    "report",
    () => reportReady(ready, options, context),
    () => ({ outcome: "done", what: "Ready" }),
  ).catch(async (error) => {
    options.signal?.throwIfAborted();
    const { tellHostOfFailure } = await import(
      "./provision/tell_host_of_failure.ts"
    );
    const problem = asProvisioningError(error);
    await tellHostOfFailure(problem, metadata, options, recorder.phases);
    throw error;
  });
  recorder.note({ health: "Ready" });
  const vm = { vmId: vmIdOf(instance), instanceId: reported?.instanceId };
  await recorder.phase("mark", () => leaveMark(vm, options, recorder));
  log.info("Provisioned: the platform knows that this VM is ready");
  return "provisioned";
}

/** It is for the part that tells DNS; that it cannot be had keeps no VM from being ready. */
function nameOf(host: Host): { readonly nameBefore?: string } {
  try {
    return { nameBefore: host.currentName() };
  } catch {
    return {};
  }
}
