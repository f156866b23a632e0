import { type Clock, systemClock } from "../../lib/clock.ts";
import { hostnamePart } from "../../lib/parts/hostname/hostname_part.ts";
import { DEFAULT_SETTINGS } from "../../lib/parts/part.ts";
import { provision } from "../../lib/provision.ts";
import type { ProvisionOutcome } from "../../lib/provision/options.ts";
import type { PlatformEvent } from "../../lib/simulator/event.ts";
import type { ThrottleLimits, VmVerdict } from "../../lib/simulator/mod.ts";
import { LoadMeter } from "./_load.ts";
import type { FleetResult, FleetVm } from "./_result.ts";
import { TIMEOUT_MS } from "./_simulation.ts";
import { madeUpHost } from "../helpers/made_up_host.ts";
import { testPlatform } from "../helpers/platform.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** A fleet and the platform that it meets. */
export interface FleetOptions {
  /** How many VMs start in the first second. */
  readonly vms: number;
  /** How many requests a second each service takes. */
  readonly throttle: ThrottleLimits;
}

/** How a fleet fared that was played. */
export interface Fleet extends FleetResult {
  readonly vms: readonly PlayedVm[];
  /** What the platform thinks of each VM. */
  readonly verdicts: readonly VmVerdict[];
  /** Every wait between two tries, in milliseconds, however late the machine kept it. */
  readonly waits: readonly number[];
}

/** How one VM fared. */
export interface PlayedVm extends FleetVm {
  /** What it did, or why it failed. */
  readonly outcome: ProvisionOutcome | Error;
  /** The name that it has by now. */
  readonly hostName: string;
}

/** The name that the platform has for every VM. */
export const HOST_NAME = "fleet-vm";

/** The simulator's 429 asks for a second. */
const RETRY_AFTER_MS = 1000;

/** What the simulator's clock, which counts whole milliseconds, may take off a wait. */
const ROUNDING_MS = 2;

/** How many addresses there are before the last number but one is counted up. */
const ADDRESSES = 250;

/**
 * Plays a fleet: the program's own code, in this process, over sockets and in real
 * time, each VM with a host, a state folder and an address of the platform of its own.
 *
 * @param options The fleet and its platform.
 * @returns How it fared.
 */
export async function playFleet(options: FleetOptions): Promise<Fleet> {
  const everywhere = { hostname: "0.0.0.0", port: 0 };
  await using dir = await tempDir();
  await using test = await testPlatform({
    wireserver: everywhere,
    imds: everywhere,
    throttle: options.throttle,
    computerName: HOST_NAME,
  });
  const { wireserver, imds, events } = test.platform;
  await using hosts = new AsyncDisposableStack();
  const machines = [];
  for (let index = 0; index < options.vms; index++) {
    const host = hosts.use(
      await madeUpHost({ programs: { hostnamectl: "works" } }),
    );
    machines.push({
      host,
      hostname: `127.0.${3 + Math.floor(index / ADDRESSES)}.${
        1 + index % ADDRESSES
      }`,
    });
  }
  const waits: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep(ms, signal) {
      waits.push(ms);
      return systemClock.sleep(ms, signal);
    },
  };
  const played = await Promise.all(
    machines.map(async ({ host, hostname }, index) => {
      await systemClock.sleep(index / options.vms * 1000);
      const beganMs = systemClock.now();
      const outcome = await provision({
        wireserver: {
          endpoint: { hostname, port: wireserver.port },
          agentName: "fleet",
        },
        healthProtocol: "auto",
        imds: { hostname, port: imds.port },
        timeoutMs: TIMEOUT_MS,
        stateDir: `${dir.path}/${index}`,
        force: false,
        selection: new Map([["hostname", "required"]]),
        parts: [hostnamePart],
        settings: DEFAULT_SETTINGS,
        host,
        clock,
        log: recordingLog(),
      }).catch((error: Error) => error);
      return {
        hostname,
        outcome,
        readyAfterMs: outcome === "provisioned"
          ? systemClock.now() - beganMs
          : undefined,
        hostName: host.currentName(),
      };
    }),
  );
  // The platform's clock began earlier; the first VM started with the first request.
  const offsetMs = events[0]?.elapsedMs ?? 0;
  const meter = new LoadMeter();
  for (const event of events) {
    meter.add(
      event.elapsedMs - offsetMs,
      event.served ? "served" : event.throttled ? "throttled" : "lost",
    );
  }
  const verdicts = test.platform.vms();
  const requests = new Map(
    verdicts.map(({ address, requests }) => [address, requests]),
  );
  return {
    vms: played.map(({ hostname, ...vm }) => ({
      ...vm,
      requests: requests.get(hostname) ?? 0,
    })),
    load: meter.load,
    hurried: countHurried(events),
    verdicts,
    waits,
  };
}

/** Counts the requests that followed a 429 to the same VM and target too soon. */
function countHurried(events: readonly PlatformEvent[]): number {
  const askedUntil = new Map<string, number>();
  let hurried = 0;
  for (const { localAddress, target, elapsedMs, throttled } of events) {
    const call = `${localAddress} ${target}`;
    if (elapsedMs < (askedUntil.get(call) ?? 0) - ROUNDING_MS) hurried++;
    askedUntil.set(call, throttled ? elapsedMs + RETRY_AFTER_MS : 0);
  }
  return hurried;
}
