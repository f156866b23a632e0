import { type AgentVerdict, formatAgents, judgeAgents } from "./agents.ts";
import type { PlatformState } from "./api.ts";
import type { PlatformEvent } from "./event.ts";
import { quote } from "./refusal.ts";
import type { Target } from "./targets.ts";

/** How a first boot has gone so far, as the platform sees it. */
export interface Verdict {
  /** Whether a Ready report was accepted. */
  readonly ready: boolean;
  /** When the first one came, since the platform was started. */
  readonly readyAfterMs?: number;
  /** The endpoint of the first one: "health" is XML, "health-json" JSON. */
  readonly readyBy?: Target;
  /** What the last accepted NotReady report said. */
  readonly notReady?: {
    readonly subStatus: string;
    readonly description: string;
  };
  /** The endpoint of that report. */
  readonly notReadyBy?: Target;
  /** The host name in the metadata, if it has one. */
  readonly hostNameAskedFor: string | undefined;
  /** Whether the metadata was served, true and whole. */
  readonly metadataServed: boolean;
  readonly requests: number;
  readonly refused: number;
  /** Why requests were refused, in order. */
  readonly refusals: readonly string[];
  /** How many requests exceeded the limits, if any. */
  readonly throttled?: number;
  /** What each agent asked for, if there were requests, and of one VM only. */
  readonly agents?: readonly AgentVerdict[];
  /** Each VM by itself, if there are several. */
  readonly vms?: readonly VmVerdict[];
}

/** Judges a first boot by its events. */
export function judge(
  events: readonly PlatformEvent[],
  state: PlatformState,
): Verdict {
  const ready = events.find((event) => event.health?.state === "Ready");
  const notReady = events.findLast((event) =>
    event.health?.state === "NotReady"
  );
  const refusals = events.map((event) => event.refusal).filter((refusal) =>
    refusal !== undefined
  );
  const throttled = events.filter((event) => event.throttled).length;
  return {
    ready: ready !== undefined,
    ...(ready !== undefined && {
      readyAfterMs: ready.elapsedMs,
      readyBy: ready.kind ?? "health",
    }),
    ...(notReady !== undefined && {
      notReady: {
        subStatus: notReady.health?.subStatus ?? "",
        description: notReady.health?.description ?? "",
      },
      notReadyBy: notReady.kind ?? "health",
    }),
    hostNameAskedFor: [state.computerName, state.vmName].find((name) =>
      name !== ""
    ),
    metadataServed: events.some((event) =>
      event.kind === "metadata" && event.served
    ),
    requests: events.length,
    refused: refusals.length,
    refusals,
    ...(throttled > 0 && { throttled }),
    ...(haveSeveralVms(events)
      ? { vms: judgeVms(events) }
      : events.length > 0 && { agents: judgeAgents(events) }),
  };
}

/** How the first boot of one VM of several has gone. */
export interface VmVerdict {
  /** The address that the VM reached. */
  readonly address: string;
  /** How many Ready reports were accepted. */
  readonly readyCount: number;
  /** When the first one came, since the platform was started. */
  readonly readyAfterMs?: number;
  /** How many NotReady reports were accepted. */
  readonly notReadyCount: number;
  readonly requests: number;
  readonly refused: number;
  readonly throttled: number;
}

/** Judges each VM by the events at its address, in the order of their first requests. */
export function judgeVms(events: readonly PlatformEvent[]): VmVerdict[] {
  const byAddress = Map.groupBy(events, (event) => event.localAddress);
  return [...byAddress].map(([address, its]) => {
    const count = (counts: (event: PlatformEvent) => boolean) =>
      its.filter(counts).length;
    const ready = its.find((event) => event.health?.state === "Ready");
    return {
      address,
      readyCount: count((event) => event.health?.state === "Ready"),
      ...(ready !== undefined && { readyAfterMs: ready.elapsedMs }),
      notReadyCount: count((event) => event.health?.state === "NotReady"),
      requests: its.length,
      refused: count((event) => event.refusal !== undefined),
      throttled: count((event) => event.throttled ?? false),
    };
  });
}

/** Whether a service was reached at several addresses, and so by several VMs. */
function haveSeveralVms(events: readonly PlatformEvent[]): boolean {
  const first = new Map<string, string>();
  return events.some(({ service, localAddress }) => {
    const before = first.get(service) ?? localAddress;
    first.set(service, before);
    return before !== localAddress;
  });
}

/** Formats a verdict as a few lines for people, each with a line feed. */
export function formatVerdict(verdict: Verdict): string {
  const { notReady, hostNameAskedFor, throttled, agents, vms } = verdict;
  const lines = [
    `Ready: ${
      verdict.ready
        ? `yes, after ${verdict.readyAfterMs} ms, ${formatBy(verdict.readyBy)}`
        : "no"
    }`,
    ...(notReady === undefined ? [] : [
      `Not ready: ${notReady.subStatus}, ${quote(notReady.description)}, ${
        formatBy(verdict.notReadyBy)
      }`,
    ]),
    `Host name asked for: ${
      hostNameAskedFor === undefined ? "none" : quote(hostNameAskedFor)
    }`,
    `Metadata served: ${verdict.metadataServed ? "yes" : "no"}`,
    `Requests: ${verdict.requests}, refused: ${verdict.refused}`,
    ...(throttled === undefined ? [] : [`Throttled: ${throttled}`]),
    ...(vms === undefined ? [] : formatVms(vms)),
    ...verdict.refusals.map((refusal) => `Refused: ${refusal}`),
    ...formatAgents(agents ?? []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function formatBy(endpoint: Target | undefined): string {
  return endpoint === "health-json" ? "as JSON" : "as XML";
}

/** How many VMs are ready, and which are not, or are more than once. */
function formatVms(vms: readonly VmVerdict[]): string[] {
  const ready = vms.filter(({ readyCount }) => readyCount > 0);
  return [
    `VMs: ${vms.length}, ready: ${ready.length}`,
    ...vms.filter(({ readyCount }) => readyCount !== 1).map((
      { address, readyCount, requests },
    ) =>
      `VM ${address}: ${
        readyCount === 0 ? "not ready" : `ready ${readyCount} times`
      }, ${requests} requests`
    ),
  ];
}
