import type { Clock } from "./clock.ts";
import { ExitCode } from "./exit_code.ts";
import { hostNameFrom } from "./host/host_name_from.ts";
import { type Host, setHostName } from "./host/set_host_name.ts";
import type { Endpoint } from "./http/endpoint.ts";
import { isAnswer } from "./http/fault.ts";
import { type CallContext, CallError } from "./http/retry.ts";
import { fetchInstance } from "./imds/client.ts";
import type { Instance } from "./imds/instance.ts";
import type { Log } from "./log/log.ts";
import { messageOf, ProvisioningError } from "./provisioning_error.ts";
import { takeTurn } from "./state/lock.ts";
import { writeMark } from "./state/mark_file.ts";
import type { VmIdentity } from "./state/mark.ts";
import { findMark, judgeMark } from "./state/run_once.ts";
import { VERSION } from "./version.ts";
import { fetchGoalState } from "./wireserver/fetch_goal_state.ts";
import type { GoalState } from "./wireserver/goal_state.ts";
import type { HealthProtocol } from "./wireserver/health_protocol.ts";
import { reportHealth } from "./wireserver/report_health.ts";
import type { WireServer } from "./wireserver/wireserver.ts";

/** Options of {@linkcode provision}. */
export interface ProvisionOptions {
  /** The platform's WireServer. */
  readonly wireserver: WireServer;
  /** How the health is reported. */
  readonly healthProtocol: HealthProtocol;
  /** Where the metadata service (IMDS) is. */
  readonly imds: Endpoint;
  /**
   * How long all of it may take, in milliseconds. What has begun then is ended, and
   * reported, within five seconds.
   */
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

/** What naming the host gets, however late it is, in milliseconds. */
const NAME_RESERVE_MS = 1_000;

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

/**
 * A first boot, from top to bottom.
 *
 * The goal state and the metadata are asked for at the same time; then the host
 * name is set, Ready is reported last, and only then is the VM marked as done. The
 * same VM is left alone at its next boots. What keeps the VM from being ready is
 * reported, too, if anything is there that takes the report.
 *
 * @param options The platform, the machine, and what is wanted.
 * @returns What was done.
 * @throws {ProvisioningError} If the VM did not report ready, or the mark could not
 * be written after it did.
 */
export async function provision(
  options: ProvisionOptions,
): Promise<ProvisionOutcome> {
  const { log, clock, wireserver } = options;
  options.signal?.throwIfAborted();
  using run = stoppable(options.signal);
  takeTurn(options.stateDir, { log, signal: run.ended });
  const context = {
    clock,
    log,
    signal: run.signal,
    deadline: clock.now() + options.timeoutMs,
  };

  let { mark, mayBeReady } = findMark(options);
  const metadata = askForMetadata(options, context);
  const isDone = (vm: VmIdentity): boolean => {
    if (mark === undefined) return false;
    const owner = judgeMark(mark, vm, log);
    if (owner === "another") [mark, mayBeReady] = [undefined, false];
    return owner === "same";
  };
  // The VM's id decides, so that a VM that is done is left alone at once.
  if (mark?.vmId !== undefined) {
    const vmId = vmIdOf(await metadata);
    options.signal?.throwIfAborted();
    if (isDone({ vmId })) return "nothing to do";
  }
  let goalState: GoalState | undefined;
  let instance: Metadata;
  try {
    if (options.healthProtocol !== "json") {
      goalState = await fetchGoalState(wireserver, context);
      logGoalState(goalState, log);
    }
    instance = await metadata;
    options.signal?.throwIfAborted();
    const { instanceId } = goalState ?? {};
    if (isDone({ vmId: vmIdOf(instance), instanceId })) return "nothing to do";
    if (mark !== undefined) {
      log.info("The mark does not tell of which VM it is: provisioning again");
    }
    await nameTheHost(instance, options, context);
  } catch (error) {
    options.signal?.throwIfAborted();
    const problem = asProvisioningError(error);
    if (mayBeReady) {
      log.info("A VM that may be ready is not reported as a failure");
    } else await reportFailure(problem, goalState, options, context);
    throw error;
  }

  const reported = await reportHealth(
    wireserver,
    { goalState, health: { state: "Ready" }, protocol: options.healthProtocol },
    withReserve(context),
  );
  const vmId = vmIdOf(instance)?.toLowerCase();
  writeMark(options.stateDir, {
    ...(vmId === undefined ? {} : { vmId }),
    ...(reported === undefined ? {} : { instanceId: reported.instanceId }),
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
  options: ProvisionOptions,
  { clock, deadline }: CallContext,
): Promise<void> {
  const { log, requireHostName, host, signal } = options;
  try {
    if (!instance.ok) throw instance.error;
    await setHostName(hostNameFrom(instance.value, log), host, {
      log,
      remainingMs: deadline + NAME_RESERVE_MS - clock.now(),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const problem = asProvisioningError(error);
    if (requireHostName) throw problem;
    log.warn(
      problem.key === "host_name_not_set"
        ? problem.message
        : `${problem.message}; the VM keeps the name that it has`,
    );
  }
}

/** The failure itself is what the run ends with, even if it cannot be reported. */
async function reportFailure(
  problem: ProvisioningError,
  goalState: GoalState | undefined,
  { wireserver, healthProtocol, log, signal }: ProvisionOptions,
  context: CallContext,
): Promise<void> {
  if (goalState === undefined) {
    if (healthProtocol === "xml" || !hasAnswered(problem)) return;
    log.info("Reporting the failure as JSON, which needs no goal state");
  }
  const description = `${problem.key}: ${problem.message}`;
  try {
    await reportHealth(wireserver, {
      goalState,
      health: { state: "NotReady", description },
      protocol: healthProtocol,
    }, withReserve(context));
  } catch (error) {
    signal?.throwIfAborted();
    log.warn(messageOf(error));
  }
}

/** Nothing that was silent to the end will take a report. */
function hasAnswered(problem: ProvisioningError): boolean {
  return !(problem instanceof CallError) || isAnswer(problem.fault);
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

/** Two signals: that the run has ended, and that or the caller's own. */
interface Run extends Disposable {
  readonly ended: AbortSignal;
  readonly signal: AbortSignal;
}

/** Nothing that a run started outlives it. */
function stoppable(signal?: AbortSignal): Run {
  const controller = new AbortController();
  const ended = controller.signal;
  return {
    ended,
    signal: signal === undefined ? ended : AbortSignal.any([signal, ended]),
    [Symbol.dispose]: () => controller.abort(),
  };
}
