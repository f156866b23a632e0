import type { Clock } from "./clock.ts";
import { ExitCode } from "./exit_code.ts";
import { hostNameFrom } from "./host/host_name_from.ts";
import { type Host, setHostName } from "./host/set_host_name.ts";
import type { Endpoint } from "./http/endpoint.ts";
import type { CallContext } from "./http/retry.ts";
import { fetchInstance } from "./imds/client.ts";
import type { Instance } from "./imds/instance.ts";
import type { Log } from "./log/log.ts";
import { messageOf, ProvisioningError } from "./provisioning_error.ts";
import { takeTurn } from "./state/lock.ts";
import { type Mark, ownerOf, type VmIdentity } from "./state/mark.ts";
import { readMark, writeMark } from "./state/mark_file.ts";
import { VERSION } from "./version.ts";
import {
  fetchGoalState,
  reportHealth,
  type WireServer,
} from "./wireserver/client.ts";
import type { GoalState } from "./wireserver/goal_state.ts";

/** Options of {@linkcode provision}. */
export interface ProvisionOptions {
  /** The platform's WireServer. */
  readonly wireserver: WireServer;
  /** Where the metadata service (IMDS) is. */
  readonly imds: Endpoint;
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Where the mark is. */
  readonly stateDir: string;
  /** Provision even if the mark says that it is done. */
  readonly force: boolean;
  /** Report a failure, in place of a warning, if the host name cannot be set. */
  readonly requireHostName: boolean;
  /** The machine. */
  readonly host: Host;
  /** Time and chance. */
  readonly clock: Clock;
  /** The journal. */
  readonly log: Log;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
}

/** What a run of {@linkcode provision} did. */
export type ProvisionOutcome = "provisioned" | "nothing to do";

/** The part of the time-out that the metadata get before the VM goes without a name. */
const METADATA_SHARE = 1 / 4;

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 5_000;

/**
 * A first boot, from top to bottom.
 *
 * The goal state and the metadata are asked for at the same time; then the host
 * name is set, Ready is reported last, and only then is the VM marked as done. The
 * same VM is left alone at its next boots.
 *
 * @param options The platform, the machine, and what is wanted.
 * @returns What was done.
 * @throws {ProvisioningError} If the VM did not report ready, or the mark could not
 * be written after it did.
 */
export async function provision(
  options: ProvisionOptions,
): Promise<ProvisionOutcome> {
  const { log, clock } = options;
  using run = stoppable(options.signal);
  await takeTurn(options.stateDir, { log, signal: run.signal });
  const context = {
    clock,
    log,
    signal: run.signal,
    deadline: clock.now() + options.timeoutMs,
  };

  const mark = await findMark(options);
  const metadata = askForMetadata(options, context);
  if (mark && await isOfVm(mark, metadata, options)) return "nothing to do";
  const goalState = await fetchGoalState(options.wireserver, context);
  logGoalState(goalState, log);
  const instance = await metadata;
  options.signal?.throwIfAborted();
  if (mark && isOfInstance(mark, vmIdOf(instance), goalState, log)) {
    return "nothing to do";
  }

  await nameTheHost(instance, goalState, options, context);
  const reported = await reportHealth(
    options.wireserver,
    { goalState, health: { state: "Ready" } },
    withReserve(context),
  );
  const vmId = vmIdOf(instance)?.toLowerCase();
  await writeMark(options.stateDir, {
    ...(vmId === undefined ? {} : { vmId }),
    instanceId: reported.instanceId,
    at: new Date().toISOString(),
    version: VERSION,
  });
  log.info("Provisioned: the platform knows that this VM is ready");
  return "provisioned";
}

/** Metadata, or why there are none; asking for them never fails the run itself. */
type Metadata =
  | { readonly ok: true; readonly value: Instance }
  | { readonly ok: false; readonly error: ProvisioningError };

async function askForMetadata(
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

function vmIdOf(metadata: Metadata): string | undefined {
  return metadata.ok ? metadata.value.vmId : undefined;
}

/** The mark of an earlier run, unless it cannot be read or is not to count. */
async function findMark(
  { stateDir, force, log }: ProvisionOptions,
): Promise<Mark | undefined> {
  const found = await readMark(stateDir);
  if (found.kind === "unreadable") {
    log.warn(`${found.reason}; provisioning as if there were none`);
  }
  if (found.kind !== "mark") return undefined;
  if (!force) return found.mark;
  log.info(
    `This VM was provisioned at ${found.mark.at}, and is again, as asked`,
  );
  return undefined;
}

/** Asks nothing but the metadata, so that a VM that is done is left alone at once. */
async function isOfVm(
  mark: Mark,
  metadata: Promise<Metadata>,
  { log, signal }: ProvisionOptions,
): Promise<boolean> {
  // A mark without an id says the same whatever the metadata hold.
  if (mark.vmId === undefined) return false;
  const vmId = vmIdOf(await metadata);
  signal?.throwIfAborted();
  return isSame(mark, { vmId }, log);
}

/** Where the VM's id does not tell, the goal state's role instance does. */
function isOfInstance(
  mark: Mark,
  vmId: string | undefined,
  { instanceId }: GoalState,
  log: Log,
): boolean {
  if (ownerOf(mark, { vmId }) !== "unknown") return false;
  if (ownerOf(mark, { vmId, instanceId }) === "unknown") {
    log.info("The mark does not tell of which VM it is: provisioning again");
  }
  return isSame(mark, { vmId, instanceId }, log);
}

function isSame(mark: Mark, vm: VmIdentity, log: Log): boolean {
  const owner = ownerOf(mark, vm);
  if (owner === "same") {
    log.info(
      `This VM was provisioned at ${mark.at}: nothing to do (--force provisions again)`,
    );
  }
  if (owner === "another") {
    const [marked, known] = mark.vmId === undefined || vm.vmId === undefined
      ? [mark.instanceId, vm.instanceId]
      : [mark.vmId, vm.vmId];
    log.info(
      `The mark is of the VM "${marked}", this is "${known}": provisioning`,
    );
  }
  return owner === "same";
}

/** What was done before may have used the time up; a report is tried all the same. */
function withReserve(context: CallContext): CallContext {
  const earliest = context.clock.now() + REPORT_RESERVE_MS;
  return { ...context, deadline: Math.max(context.deadline, earliest) };
}

function logGoalState(goalState: GoalState, log: Log): void {
  log.info(`ContainerId: ${goalState.containerId}`);
  log.info(`InstanceId: ${goalState.instanceId}`);
  log.info(`Incarnation: ${goalState.incarnation}`);
}

async function nameTheHost(
  instance: Metadata,
  goalState: GoalState,
  options: ProvisionOptions,
  context: CallContext,
): Promise<void> {
  const { log, requireHostName, host, signal } = options;
  try {
    if (!instance.ok) throw instance.error;
    await setHostName(hostNameFrom(instance.value, log), host, {
      log,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const problem = asProvisioningError(error);
    if (!requireHostName) {
      log.warn(
        problem.key === "host_name_not_set"
          ? problem.message
          : `${problem.message}; the VM keeps the name that it has`,
      );
      return;
    }
    await reportFailure(problem, goalState, options, context);
    throw problem;
  }
}

/** The failure itself is what the run ends with, even if it cannot be reported. */
async function reportFailure(
  problem: ProvisioningError,
  goalState: GoalState,
  { wireserver, log, signal }: ProvisionOptions,
  context: CallContext,
): Promise<void> {
  const description = `${problem.key}: ${problem.message}`;
  try {
    await reportHealth(
      wireserver,
      { goalState, health: { state: "NotReady", description } },
      withReserve(context),
    );
  } catch (error) {
    signal?.throwIfAborted();
    log.error(messageOf(error));
  }
}

function asProvisioningError(error: unknown): ProvisioningError {
  return error instanceof ProvisioningError
    ? error
    : new ProvisioningError(`Internal error: ${messageOf(error)}`, {
      key: "internal_error",
      exitCode: ExitCode.internal,
      cause: error,
    });
}

/** A signal that ends with the run, so that nothing it started outlives it. */
function stoppable(signal?: AbortSignal): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  return {
    signal: signal === undefined
      ? controller.signal
      : AbortSignal.any([signal, controller.signal]),
    [Symbol.dispose]: () => controller.abort(),
  };
}
