import type { PlatformEvent } from "./event.ts";
import type { PlatformState } from "./state.ts";
import type { Target } from "./target.ts";
import { haveSeveralVms, judgeVms, type VmVerdict } from "./vm_verdict.ts";

/** What the platform thinks of a VM's first boot so far. */
export interface Verdict {
  /** Whether a Ready report was accepted. */
  readonly ready: boolean;
  /** When the first one was, since the platform was started. */
  readonly readyAfterMs?: number;
  /** The endpoint that the first one came by: "health" is XML, "health-json" JSON. */
  readonly readyBy?: Target;
  /** What the last accepted NotReady report said. */
  readonly notReady?: {
    readonly subStatus: string;
    readonly description: string;
  };
  /** The endpoint that it came by. */
  readonly notReadyBy?: Target;
  /** The name that the metadata holds for the VM; undefined when it holds none. */
  readonly hostNameAskedFor: string | undefined;
  /** Whether the metadata was handed out, true and whole. */
  readonly metadataServed: boolean;
  readonly requests: number;
  readonly refused: number;
  /** Why requests were refused, in their order. */
  readonly refusals: readonly string[];
  /** How many requests were too many; undefined when none was. */
  readonly throttled?: number;
  /** Each VM by itself; undefined while there is one address to each service. */
  readonly vms?: readonly VmVerdict[];
}

/** Judges a first boot by what happened. */
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
      event.service === "imds" && event.served
    ),
    requests: events.length,
    refused: refusals.length,
    refusals,
    ...(throttled > 0 && { throttled }),
    ...(haveSeveralVms(events) && { vms: judgeVms(events) }),
  };
}
