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
import type { Platform, PlatformOptions } from "../../simulator/mod.ts";

/** Loaded lazily: nothing else needs it, and the program starts faster without it. */
type Simulator = typeof import("../../simulator/mod.ts");

/** The options of a simulation. */
type SimulateOption =
  | VmOption
  | "throttle"
  | "untilReady"
  | "json"
  | "wireserver"
  | "imds"
  | "hostPlugin"
  | "timeoutMs";

/** The options that describe the VM and its faults. */
type VmOption =
  | "computerName"
  | "vmName"
  | "vmId"
  | "adminUsername"
  | "publicKeys"
  | "allowPasswords"
  | "hasCustomData"
  | "userData"
  | "nics"
  | "tags"
  | "compute"
  | "ppsType"
  | "faults";

/** `simulate`: serves a platform, and says at the end whether the VM reported Ready. */
export async function run(
  invocation: Invocation<SimulateOption>,
): Promise<ExitCode> {
  const { options } = invocation;
  const simulator: Simulator = await import("../../simulator/mod.ts");
  const vm = described(options, simulator);
  const platform = await start(invocation, vm, simulator);
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

/** What the options say of the VM and its faults. */
function described(
  options: Pick<Options, VmOption>,
  { describedVm }: Simulator,
): Partial<PlatformOptions> {
  try {
    return describedVm(options);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function start(
  { options, log }: Pick<Invocation<SimulateOption>, "options" | "log">,
  vm: Partial<PlatformOptions>,
  { formatEvent, startPlatform, HOST_PLUGIN_PORT }: Simulator,
): Promise<Platform> {
  const { hostname, port } = options.wireserver;
  const hostPlugin = options.hostPlugin ??
    (port === 80 ? { hostname, port: HOST_PLUGIN_PORT } : undefined);
  try {
    return await startPlatform({
      wireserver: options.wireserver,
      imds: options.imds,
      hostPlugin,
      ...vm,
      throttle: options.throttle,
      onEvent: (event) =>
        log.info(
          `${(event.elapsedMs / 1000).toFixed(2)} s ${formatEvent(event)}`,
        ),
    });
  } catch (error) {
    const denied = error instanceof Deno.errors.NotCapable;
    throw new ProvisioningError(
      `Cannot listen on ${
        [options.wireserver, options.imds, ...(hostPlugin ? [hostPlugin] : [])]
          .map(formatEndpoint).join(" and ")
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

function formatAddresses(platform: Platform, json: boolean): string {
  const wireserver = formatEndpoint(platform.wireserver);
  const imds = formatEndpoint(platform.imds);
  const hostPlugin = platform.hostPlugin && formatEndpoint(platform.hostPlugin);
  if (json) return `${JSON.stringify({ wireserver, imds, hostPlugin })}\n`;
  const third = hostPlugin === undefined ? "" : `Host plugin: ${hostPlugin}\n`;
  return `WireServer: ${wireserver}\nIMDS: ${imds}\n${third}`;
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
