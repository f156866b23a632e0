import type { Api, PlatformState } from "./api.ts";
import type { PlatformEvent } from "./event.ts";
import type { Fault } from "./fault.ts";
import { FaultScript } from "./fault_script.ts";
import {
  type Address,
  type HttpServer,
  startHttpServer,
} from "./http_server.ts";
import { IMDS } from "./imds.ts";
import { Service } from "./service.ts";
import { Throttle, type ThrottleLimits } from "./throttle.ts";
import { judge, judgeVms, type Verdict, type VmVerdict } from "./verdict.ts";
import { WIRESERVER } from "./wireserver.ts";

/** How a platform is started. */
export interface PlatformOptions {
  /** Where WireServer listens; port 0 means any free one. */
  readonly wireserver: Address;
  /** Where IMDS listens; port 0 means any free one. */
  readonly imds: Address;
  /** The name in osProfile, "simulated-vm" by default; "" means that there is no osProfile. */
  readonly computerName?: string | undefined;
  /** The resource's name, compute.name, "simulated-vm" by default. */
  readonly vmName?: string | undefined;
  readonly vmId?: string | undefined;
  /** The user in osProfile; none by default. */
  readonly adminUsername?: string | undefined;
  /** The keyData of each public key; none by default. */
  readonly publicKeys?: readonly string[];
  /** True by default. */
  readonly disablePasswordAuthentication?: boolean;
  /** compute.userData, base64; none by default. */
  readonly userData?: string | undefined;
  /** 42 by default. */
  readonly incarnation?: number;
  readonly containerId?: string;
  readonly instanceId?: string;
  /** What goes wrong: on each request, the first in the list that fits and has tries left. */
  readonly faults?: readonly Fault[];
  /** How many requests a second each service takes, from one VM and from all; any by default. */
  readonly throttle?: ThrottleLimits | undefined;
  /** Called with each event as it happens. */
  readonly onEvent?: (event: PlatformEvent) => void;
}

/** A platform that is running. */
export interface Platform {
  /** Where WireServer really listens, or would. */
  readonly wireserver: Address;
  /** Where IMDS really listens, or would. */
  readonly imds: Address;
  /** All that has happened so far. */
  readonly events: readonly PlatformEvent[];
  /** Resolves when the answer to the first accepted Ready report is out. */
  readonly ready: Promise<void>;
  /** What the platform thinks so far. */
  verdict(): Verdict;
  /** The same of each VM by itself, by the address that it reached. */
  vms(): readonly VmVerdict[];
  /** Closes listeners, connections and timers, and waits until they are gone. */
  shutdown(): Promise<void>;
}

/**
 * Starts a platform for one VM: WireServer and IMDS, strict, with faults on request.
 *
 * Listening on 0.0.0.0 it serves several that have all but their addresses in common: each
 * reaches it at one of its own, such as 127.0.3.7.
 *
 * It needs the permission to listen on the two addresses. Rejects when it cannot listen.
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
    const record = (
      event: Omit<PlatformEvent, "elapsedMs" | "service">,
    ) => {
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

  const wireserver = start(WIRESERVER, options.wireserver);
  try {
    const imds = start(IMDS, options.imds);
    return {
      wireserver: wireserver.address,
      imds: imds.address,
      events,
      ready,
      verdict: () => judge(events, state),
      vms: () => judgeVms(events),
      shutdown: async () => {
        await Promise.all([wireserver.shutdown(), imds.shutdown()]);
      },
    };
  } catch (error) {
    await wireserver.shutdown();
    throw error;
  }
}

function initialState(options: PlatformOptions): PlatformState {
  return {
    incarnation: options.incarnation ?? 42,
    containerId: options.containerId ?? "7b324f53-983a-43bc-b919-1775d6077608",
    instanceId: options.instanceId ??
      "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
    computerName: options.computerName ?? "simulated-vm",
    vmName: options.vmName ?? "simulated-vm",
    vmId: options.vmId ?? "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    adminUsername: options.adminUsername ?? "",
    publicKeys: options.publicKeys ?? [],
    disablePasswordAuthentication: options.disablePasswordAuthentication ??
      true,
    userData: options.userData ?? "",
  };
}
