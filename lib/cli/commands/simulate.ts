import type { Invocation } from "../command.ts";
import type { Options } from "../options.ts";
import { print, UsageError } from "../output.ts";
import { formatEndpoint } from "../../http/endpoint.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";
import type { Fault, Platform, PlatformOptions } from "../../simulator/mod.ts";

/** Shares nothing with the rest of the program, which starts sooner without it. */
type Simulator = typeof import("../../simulator/mod.ts");

/**
 * `simulate`: serves a platform, and says at the end whether the VM reported ready.
 *
 * @param invocation The command line.
 * @returns The exit status: 0 if the VM reported ready.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
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
  { options, log }: Invocation,
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
        denied ? "the program was compiled for others" : messageOf(error)
      }; name addresses of this machine, such as --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081`,
      {
        key: "cannot_listen",
        exitCode: denied ? ExitCode.notPermitted : ExitCode.configuration,
        cause: error,
      },
    );
  }
}

function vmOf(
  { computerName, vmName, vmId, adminUsername, userData, ...options }: Readonly<
    Options
  >,
): Partial<PlatformOptions> {
  return {
    publicKeys: options.publicKeys,
    disablePasswordAuthentication: !options.allowPasswords,
    adminUsername,
    ...(userData === undefined ? {} : { userData: toBase64(userData) }),
    computerName,
    vmName,
    vmId,
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

/** A signal or the time-out is how a simulation usually ends, and no failure. */
async function ended(
  platform: Platform,
  { options, clock, signal }: Invocation,
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
