import type { Api, PlatformState } from "./api.ts";
import type { PlatformEvent } from "./event.ts";
import type { Fault } from "./fault.ts";
import { FaultScript } from "./fault_script.ts";
import {
  type Address,
  type HttpServer,
  startHttpServer,
} from "./http_server.ts";
import { HOST_PLUGIN } from "./host_plugin.ts";
import { IMDS } from "./imds.ts";
import { DEFAULT_CARDS } from "./network_cards.ts";
import { Service } from "./service.ts";
import { Throttle, type ThrottleLimits } from "./throttle.ts";
import { judge, judgeVms, type Verdict, type VmVerdict } from "./verdict.ts";
import { WIRESERVER } from "./wireserver.ts";

/** The VM as the platform knows it at the start: see {@linkcode DEFAULT_STATE}. */
export type VmOptions = {
  readonly [Key in keyof PlatformState]?: PlatformState[Key] | undefined;
};

/** How a platform is started. */
export interface PlatformOptions extends VmOptions {
  /** Where WireServer listens; port 0 means any free one. */
  readonly wireserver: Address;
  /** Where IMDS listens; port 0 means any free one. */
  readonly imds: Address;
  /** Where the host's plugin for guest agents listens; not at all by default. */
  readonly hostPlugin?: Address | undefined;
  /** The faults to play: on each request, the first one that fits and has tries left. */
  readonly faults?: readonly Fault[];
  /** How many requests a second each service takes; no limit by default. */
  readonly throttle?: ThrottleLimits | undefined;
  /** Called with each event as it happens. */
  readonly onEvent?: (event: PlatformEvent) => void;
}

const DEFAULT_STATE: PlatformState = {
  incarnation: 42,
  containerId: "7b324f53-983a-43bc-b919-1775d6077608",
  instanceId: "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
  computerName: "simulated-vm",
  vmName: "simulated-vm",
  vmId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  adminUsername: "",
  publicKeys: [],
  disablePasswordAuthentication: true,
  hasCustomData: false,
  userData: "",
  cards: DEFAULT_CARDS,
  tags: {},
  ppsType: "None",
  fields: {},
  compute: {},
  osProfile: {},
};

/** A platform that is running. */
export interface Platform {
  /** Where WireServer listens, or would. */
  readonly wireserver: Address;
  /** Where IMDS listens, or would. */
  readonly imds: Address;
  /** Where the host's plugin listens, or would; undefined if it was not wanted. */
  readonly hostPlugin: Address | undefined;
  /** All that has happened so far. */
  readonly events: readonly PlatformEvent[];
  /** Resolves when the answer to the first accepted Ready report is out. */
  readonly ready: Promise<void>;
  /** How the first boot has gone so far. */
  verdict(): Verdict;
  /** The same for each VM, by the address that it reached. */
  vms(): readonly VmVerdict[];
  /** Closes listeners, connections and timers, and waits until they are gone. */
  shutdown(): Promise<void>;
}

/**
 * Starts a platform for one VM: WireServer, IMDS and, if wanted, the host's plugin for guest
 * agents; strict, with faults on request.
 *
 * If it listens on 0.0.0.0, it serves several VMs that differ in their addresses only: each
 * reaches it at an address of its own, such as 127.0.3.7.
 *
 * Needs the permission to listen on the addresses. Rejects if it cannot listen.
 */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform> {
  const started = performance.now();
  const state = initialState(options);
  const script = new FaultScript(options.faults ?? []);
  const events: PlatformEvent[] = [];
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const start = (api: Api, address: Address): HttpServer => {
    const throttle = options.throttle && new Throttle(options.throttle);
    const record = (event: Omit<PlatformEvent, "elapsedMs" | "service">) => {
      const elapsedMs = Math.round(performance.now() - started);
      const complete = { elapsedMs, service: api.name, ...event };
      events.push(complete);
      options.onEvent?.(complete);
    };
    return startHttpServer({
      address,
      closedForMs: script.closedForMs(api.name),
      serviceAt: (localAddress) =>
        new Service({
          api,
          state,
          script,
          record: (event) => record({ localAddress, ...event }),
          onReady,
          takes: () => throttle?.takes(localAddress, performance.now()) ?? true,
        }),
    });
  };

  const servers: HttpServer[] = [];
  const shutdown = async () => {
    await Promise.all(servers.map((server) => server.shutdown()));
  };
  const listen = (api: Api, address: Address): Address => {
    const server = start(api, address);
    servers.push(server);
    return server.address;
  };
  try {
    return {
      wireserver: listen(WIRESERVER, options.wireserver),
      imds: listen(IMDS, options.imds),
      hostPlugin: options.hostPlugin && listen(HOST_PLUGIN, options.hostPlugin),
      events,
      ready,
      verdict: () => judge(events, state),
      vms: () => judgeVms(events),
      shutdown,
    };
  } catch (error) {
    await shutdown();
    throw error;
  }
}

function initialState(options: PlatformOptions): PlatformState {
  const given = Object.keys(DEFAULT_STATE)
    .map((key) => [key, options[key as keyof PlatformState]])
    .filter(([, value]) => value !== undefined);
  return { ...DEFAULT_STATE, ...Object.fromEntries(given) };
}
