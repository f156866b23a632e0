import type { Invocation } from "../command.ts";
import type { Options } from "../options.ts";
import { print } from "../output.ts";
import { UsageError } from "../usage_error.ts";
import { formatEndpoint } from "../../http/endpoint.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";
import type { Fault, Platform, PlatformOptions } from "../../simulator/mod.ts";

/** Loaded lazily: nothing else needs it, and the program starts faster without it. */
type Simulator = typeof import("../../simulator/mod.ts");

/** The options of a simulation. */
type SimulateOption =
  | VmOption
  | "faults"
  | "throttle"
  | "untilReady"
  | "json"
  | "wireserver"
  | "imds"
  | "timeoutMs";

/** The options that describe the VM. */
type VmOption =
  | "computerName"
  | "vmName"
  | "vmId"
  | "adminUsername"
  | "publicKeys"
  | "allowPasswords"
  | "hasCustomData"
  | "userData";

/** `simulate`: serves a platform, and says at the end whether the VM reported Ready. */
export async function run(
  invocation: Invocation<SimulateOption>,
): Promise<ExitCode> {
  const { options } = invocation;
  const simulator: Simulator = await import("../../simulator/mod.ts");
  const faults = options.faults.map((text) => readFault(text, simulator));
  const platform = await start(invocation, faults, simulator);
  try {
    print(formatAddresses(platform, options.json));
    await ended(platform, invocation);
  } finally {
    await platform.shutdown();
  }
  const verdict = platform.verdict();
  print(
    options.json
      ? `${JSON.stringify(verdict)}\n`
      : `${simulator.formatVerdict(verdict).trimEnd()}\n`,
  );
  return verdict.ready ? ExitCode.ok : ExitCode.gaveUp;
}

function readFault(text: string, { parseFault }: Simulator): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    throw new UsageError(
      `The option "--fault" has a wrong value: ${messageOf(error)}`,
    );
  }
}

async function start(
  { options, log }: Pick<Invocation<SimulateOption>, "options" | "log">,
  faults: readonly Fault[],
  { formatEvent, startPlatform }: Simulator,
): Promise<Platform> {
  try {
    return await startPlatform({
      wireserver: options.wireserver,
      imds: options.imds,
      ...vmOf(options),
      faults,
      throttle: options.throttle,
      onEvent: (event) =>
        log.info(
          `${(event.elapsedMs / 1000).toFixed(2)} s ${formatEvent(event)}`,
        ),
    });
  } catch (error) {
    const denied = error instanceof Deno.errors.NotCapable;
    throw new ProvisioningError(
      `Cannot listen on ${formatEndpoint(options.wireserver)} and ${
        formatEndpoint(options.imds)
      }: ${
        denied
          ? "the program was compiled without the permission to listen there"
          : messageOf(error)
      }; use addresses of this machine, such as --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081`,
      {
        key: "cannot_listen",
        exitCode: denied ? ExitCode.notPermitted : ExitCode.configuration,
        cause: error,
      },
    );
  }
}

function vmOf(
  { allowPasswords, userData, ...options }: Readonly<Pick<Options, VmOption>>,
): Partial<PlatformOptions> {
  const { computerName, vmName, vmId, adminUsername, publicKeys } = options;
  const { hasCustomData } = options;
  return {
    computerName,
    vmName,
    vmId,
    adminUsername,
    publicKeys,
    hasCustomData,
    disablePasswordAuthentication: !allowPasswords,
    userData: userData === undefined ? undefined : toBase64(userData),
  };
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function formatAddresses(platform: Platform, json: boolean): string {
  const wireserver = formatEndpoint(platform.wireserver);
  const imds = formatEndpoint(platform.imds);
  return json
    ? `${JSON.stringify({ wireserver, imds })}\n`
    : `WireServer: ${wireserver}\nIMDS: ${imds}\n`;
}

/** A simulation usually ends by a signal or the time-out; that is not a failure. */
async function ended(
  platform: Platform,
  { options, clock, signal }: Pick<
    Invocation<"timeoutMs" | "untilReady">,
    "options" | "clock" | "signal"
  >,
): Promise<void> {
  const controller = new AbortController();
  const ends = [stopped(signal)];
  if (options.untilReady) ends.push(platform.ready);
  if (options.timeoutMs !== undefined) {
    ends.push(
      clock.sleep(options.timeoutMs, controller.signal).catch(() => {}),
    );
  }
  await Promise.race(ends);
  controller.abort();
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
