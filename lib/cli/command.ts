import { DEFAULT_TIMEOUT_MS, type Options } from "./options.ts";
import type { Clock } from "../clock.ts";
import { systemHost } from "../host/host.ts";
import { PROXY_AGENT } from "../http/proxy_agent.ts";
import type { CallContext } from "../http/retry.ts";
import type { Log } from "../log/create_log.ts";
import type { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import type { WireServer } from "../wireserver/wireserver.ts";

/**
 * What a command gets.
 *
 * @typeParam Key The options that the command uses.
 */
export interface Invocation<Key extends keyof Options = keyof Options> {
  /** The arguments after the command's name. */
  readonly positionals: readonly string[];
  /** The values of the options. */
  readonly options: Readonly<Pick<Options, Key>>;
  /**
   * Why the configuration file could not be used. Only set for commands that report it;
   * the options are then those of the command line alone.
   */
  readonly problem?: ProvisioningError | undefined;
  /** The log. */
  readonly log: Log;
  /** Time and randomness. */
  readonly clock: Clock;
  /** Aborted when the program is told to stop. */
  readonly signal: AbortSignal;
}

/** Runs a command to its end. The caller reports what it throws. */
export type RunCommand = (
  invocation: Invocation,
) => Promise<ExitCode> | ExitCode;

/** A command of the program. */
export interface Command {
  /** Its name. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its arguments, as the help shows them. */
  readonly args: string;
  /** How many arguments it takes. */
  readonly argCount: readonly [least: number, most: number];
  /** The names of its own options. */
  readonly options: readonly string[];
  /** Whether it runs even if the configuration file cannot be used, to report that. */
  readonly reportsProblem?: true;
  /** Whether it changes the machine, so that only root can run it. */
  readonly needsRoot?: true;
  /** Whether it listens where the platform does, as only a simulator may. */
  readonly listens?: true;
  /** More text for its help. */
  readonly details: string;
  /** Runs it. */
  readonly run: RunCommand;
  /** Even more, which only the help loads. */
  readonly moreDetails?: () => Promise<string>;
}

/** Returns what a command's calls to the platform share; their deadline starts now. */
export function callContext(
  invocation: Pick<
    Invocation<"timeoutMs">,
    "options" | "clock" | "log" | "signal"
  >,
): CallContext {
  const { clock, log, signal } = invocation;
  return {
    clock,
    log,
    signal,
    deadline: clock.now() + timeoutMs(invocation),
    proxyAgent: {
      isInstalled: () => systemHost.has(PROXY_AGENT),
      isWanted: () => false,
    },
  };
}

/** Returns how long a command may take, in milliseconds. */
export function timeoutMs(
  { options }: Pick<Invocation<"timeoutMs">, "options">,
): number {
  return options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
}

/** Returns the WireServer that the options name. */
export function wireServer(
  { options }: Pick<Invocation<"wireserver" | "agentName">, "options">,
): WireServer {
  return { endpoint: options.wireserver, agentName: options.agentName };
}
