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
import { reportFailure, reportReady } from "./report_outcome.ts";
import { takeTurn } from "./state/lock.ts";
import { writeMark } from "./state/mark_file.ts";
import type { VmIdentity } from "./state/mark.ts";
import { findMark, judgeMark } from "./state/run_once.ts";
import { VERSION } from "./version.ts";
import type { HealthProtocol } from "./wireserver/health_protocol.ts";
import {
  goalStateIn,
  seekGoalState,
  type SoughtGoalState,
} from "./wireserver/seek_goal_state.ts";
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

/** The part of the time-out that is left for Ready where the goal state is refused. */
const REFUSED_SHARE = 1 / 10;

/** The most of it, in milliseconds: the platform may yet come round. */
const MAX_REFUSED_RESERVE_MS = 30_000;

/**
 * A first boot, from top to bottom.
 *
 * The goal state and the metadata are asked for at the same time; then the host
 * name is set, Ready is reported last, and only then is the VM marked as done. The
 * same VM is left alone at its next boots. Where the platform refuses the goal state,
 * Ready goes without one, as JSON. What keeps the VM from being ready is reported,
 * too, if anything is there that takes the report.
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
  let sought: SoughtGoalState | undefined;
  let instance: Metadata;
  try {
    sought = await askForGoalState(options, context);
    instance = await metadata;
    options.signal?.throwIfAborted();
    const instanceId = goalStateIn(sought)?.instanceId;
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
    } else await reportFailure(problem, sought, options, context);
    throw error;
  }

  const reported = await reportReady(sought, options, context);
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

async function askForGoalState(
  { wireserver, healthProtocol, timeoutMs, log }: ProvisionOptions,
  context: CallContext,
): Promise<SoughtGoalState> {
  const sought = await seekGoalState(wireserver, {
    protocol: healthProtocol,
    reserveMs: Math.min(timeoutMs * REFUSED_SHARE, MAX_REFUSED_RESERVE_MS),
  }, context);
  if (sought.kind === "found") {
    const { containerId, instanceId, incarnation } = sought.goalState;
    log.info(`ContainerId: ${containerId}`);
    log.info(`InstanceId: ${instanceId}`);
    log.info(`Incarnation: ${incarnation}`);
  }
  if (sought.kind === "refused") {
    log.warn(
      `${sought.error.message}; going on without it, as a report in JSON needs none`,
    );
  }
  return sought;
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
