import type { PlatformEvent } from "./event.ts";
import type { PlatformState } from "./state.ts";

/** What the platform thinks of a VM's first boot so far. */
export interface Verdict {
  /** Whether a Ready report was accepted. */
  readonly ready: boolean;
  /** When the first one was, since the platform was started. */
  readonly readyAfterMs?: number;
  /** What the last accepted NotReady report said. */
  readonly notReady?: {
    readonly subStatus: string;
    readonly description: string;
  };
  /** The name that the metadata holds for the VM; undefined when it holds none. */
  readonly hostNameAskedFor: string | undefined;
  /** Whether the metadata was handed out, true and whole. */
  readonly metadataServed: boolean;
  readonly requests: number;
  readonly refused: number;
  /** Why requests were refused, in their order. */
  readonly refusals: readonly string[];
}

/** Judges a first boot by what happened. */
export function judge(
  events: readonly PlatformEvent[],
  state: PlatformState,
): Verdict {
  const ready = events.find((event) => event.health?.state === "Ready");
  const notReady = events.findLast((event) =>
    event.health?.state === "NotReady"
  )?.health;
  const refusals = events.map((event) => event.refusal).filter((refusal) =>
    refusal !== undefined
  );
  return {
    ready: ready !== undefined,
    ...(ready !== undefined && { readyAfterMs: ready.elapsedMs }),
    ...(notReady !== undefined && {
      notReady: {
        subStatus: notReady.subStatus ?? "",
        description: notReady.description ?? "",
      },
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
  };
}
