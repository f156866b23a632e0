import { PROXY_AGENT } from "../http/proxy_agent.ts";
import type { CallContext } from "../http/retry.ts";
import { TryLog } from "../http/try_log.ts";
import { unusedPermissions } from "../parts/select_parts.ts";
import { Recorder } from "../record/recorder.ts";
import { acquireLock } from "../state/lock.ts";
import { stoppable } from "../time_limit.ts";
import { wantsProxyAgent } from "./media.ts";
import type { ProvisionOptions } from "./options.ts";

/** A run of `provision()`. Disposing of it ends whatever it started. */
export interface Run extends Disposable {
  /** The platform, the machine, and what is wanted. */
  readonly options: ProvisionOptions;
  /** Keeps what the run does. */
  readonly recorder: Recorder;
  /** What the run's calls to the platform share. The signal also ends its other work. */
  readonly calls: CallContext & { readonly signal: AbortSignal };
  /** Ends the run's work early, for this reason. */
  readonly leave: (reason: Error) => void;
}

/**
 * Starts a run: takes the lock, puts right what a killed run left, and gives up the
 * permissions that this one does not need.
 *
 * @param options The platform, the machine, and what is wanted.
 * @throws {ProvisioningError} If another run holds the lock.
 */
export async function startRun(options: ProvisionOptions): Promise<Run> {
  const { stateDir, log, clock, parts, selection, host, timeoutMs, media } =
    options;
  const work = stoppable(options.signal);
  try {
    acquireLock(stateDir, { log, signal: work.ended });
    for (const { recover } of parts) await recover?.({ stateDir, log });
    host.revoke(unusedPermissions(parts, selection));
  } catch (error) {
    work[Symbol.dispose]();
    throw error;
  }
  const recorder = new Recorder(options);
  return {
    options,
    recorder,
    calls: {
      clock,
      log,
      tryLog: new TryLog(clock, log),
      signal: work.signal,
      deadline: clock.now() + timeoutMs,
      proxyAgent: {
        isInstalled: () => host.has(PROXY_AGENT),
        isWanted: () => wantsProxyAgent(media),
      },
      onTry: recorder.onTry,
    },
    leave: work.leave,
    [Symbol.dispose]: () => work[Symbol.dispose](),
  };
}
