import type { PlatformEvent } from "./event.ts";

/** What the platform thinks of one VM of several, by the address that it reached. */
export interface VmVerdict {
  readonly address: string;
  /** How many Ready reports were accepted. */
  readonly readyCount: number;
  /** When the first one was, since the platform was started. */
  readonly readyAfterMs?: number;
  /** How many NotReady reports were accepted. */
  readonly notReadyCount: number;
  readonly requests: number;
  readonly refused: number;
  readonly throttled: number;
}

/** Judges each VM by what happened at its address; the first one that came is the first. */
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

/** Tells whether one service was reached at several addresses, and so by several VMs. */
export function haveSeveralVms(events: readonly PlatformEvent[]): boolean {
  const first = new Map<string, string>();
  return events.some(({ service, localAddress }) => {
    const before = first.get(service) ?? localAddress;
    first.set(service, before);
    return before !== localAddress;
  });
}
