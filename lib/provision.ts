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
import { ownerOf } from "./state/mark.ts";
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
  const context = {
    clock,
    log,
    signal: run.signal,
    deadline: clock.now() + options.timeoutMs,
  };

  const metadata = askForMetadata(options, context);
  if (await isDone(options, metadata)) return "nothing to do";
  const goalState = await fetchGoalState(options.wireserver, context);
  logGoalState(goalState, log);

  const instance = await metadata;
  await nameTheHost(instance, goalState, options, context);
  await reportHealth(
    options.wireserver,
    { goalState, health: { state: "Ready" } },
    context,
  );
  await writeMark(options.stateDir, {
    ...(instance.ok && instance.value.vmId !== undefined
      ? { vmId: instance.value.vmId.toLowerCase() }
      : {}),
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

/** Without a mark nothing waits for the metadata. */
async function isDone(
  { stateDir, force, log }: ProvisionOptions,
  metadata: Promise<Metadata>,
): Promise<boolean> {
  const found = await readMark(stateDir);
  if (found.kind === "unreadable") {
    log.warn(`${found.reason}; provisioning as if there were none`);
  }
  if (found.kind !== "mark") return false;
  const { mark } = found;
  if (force) {
    log.info(`This VM was provisioned at ${mark.at}, and is again, as asked`);
    return false;
  }
  // A mark without an id says the same whatever the metadata hold.
  const instance = mark.vmId === undefined ? undefined : await metadata;
  const vmId = instance?.ok ? instance.value.vmId : undefined;
  switch (ownerOf(mark, vmId)) {
    case "same":
      log.info(
        `This VM was provisioned at ${mark.at}: nothing to do (--force provisions again)`,
      );
      return true;
    case "another":
      log.info(
        `The mark is of the VM "${mark.vmId}", this is "${vmId}": provisioning`,
      );
      return false;
    case "unknown":
      log.info("The mark does not say of which VM it is: provisioning again");
      return false;
  }
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
      log.warn(`${problem.message}; the VM keeps the name that it has`);
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
      context,
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
