import { DEFAULT_TIMEOUT_MS, type Options } from "./options.ts";
import type { Clock } from "../clock.ts";
import { explainSilence } from "../dhcp/explain_silence.ts";
import type { CallContext } from "../http/retry.ts";
import type { Log } from "../log/create_log.ts";
import type { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import type { WireServer } from "../wireserver/wireserver.ts";

/** A command line that was understood, and what a command needs to do its work. */
export interface Invocation {
  /** The arguments after the command's name. */
  readonly positionals: readonly string[];
  /** The options' values. */
  readonly options: Readonly<Options>;
  /**
   * Why the configuration file could not be used; only a command gets it that
   * reports it, and no option is then the file's.
   */
  readonly problem?: ProvisioningError | undefined;
  /** The journal. */
  readonly log: Log;
  /** Time and chance. */
  readonly clock: Clock;
  /** Aborted when the program is told to stop. */
  readonly signal: AbortSignal;
}

/** Runs a command to its end; what it throws is reported by the caller. */
export type RunCommand = (invocation: Invocation) => Promise<ExitCode>;

/**
 * What a command's calls to the platform share.
 *
 * @param invocation The command line.
 * @returns Time, journal, signal, and the deadline, which starts now.
 */
export function callContext(invocation: Invocation): CallContext {
  const { clock, log, signal } = invocation;
  return { clock, log, signal, deadline: clock.now() + timeoutMs(invocation) };
}

/**
 * How long a command may take.
 *
 * @param invocation The command line.
 * @returns The time in milliseconds.
 */
export function timeoutMs({ options }: Invocation): number {
  return options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
}

/**
 * The WireServer that the command line names.
 *
 * @param invocation The command line.
 * @returns Its address, and as whom to talk to it.
 */
export function wireServer({ options }: Invocation): WireServer {
  return { endpoint: options.wireserver, agentName: options.agentName };
}

/**
 * Waits for a call to WireServer. If nothing answered it, the error also says what the
 * DHCP leases know about WireServer.
 *
 * @throws {CallError} If the call fails.
 */
export async function explained<T>(
  call: Promise<T>,
  { endpoint }: WireServer,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw await explainSilence(error, endpoint);
  }
}
