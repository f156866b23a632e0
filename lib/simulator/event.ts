import { quote } from "./refusal.ts";
import type { Health } from "./report_check.ts";
import type { ServiceName, Target } from "./targets.ts";

/** A request, and what the platform did with it. */
export interface PlatformEvent {
  /** The time since the platform was started. */
  readonly elapsedMs: number;
  readonly service: ServiceName;
  /** The address at which the connection arrived. Several VMs have one each. */
  readonly localAddress: string;
  /** The kind of request. For a health report it tells the protocol. */
  readonly kind?: Target;
  /** Empty if the request line was invalid. */
  readonly method: string;
  /** Path and query; empty if the request line was invalid. */
  readonly target: string;
  /** Names in lower case; empty if the head was not read or invalid. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty if it was not read. */
  readonly body: string;
  /** The status of the answer; undefined if a fault gave none. */
  readonly status: number | undefined;
  /** Whether the client got what it asked for, true and whole. */
  readonly served: boolean;
  /** Why the request was refused. */
  readonly refusal?: string;
  /** Whether it exceeded the limits, and so was not looked at. */
  readonly throttled?: true;
  /** The fault that was played. */
  readonly fault?: string;
  /** What an accepted health report said. */
  readonly health?: Health;
}

/** Formats an event as one line: the request, the answer, and the reason in brackets. */
export function formatEvent(event: PlatformEvent): string {
  const request = event.method === ""
    ? "malformed request"
    : `${event.method} ${event.target}`;
  const notes = [
    formatHealth(event.health),
    event.kind === "health-json" && event.health !== undefined
      ? "as JSON"
      : undefined,
    event.throttled ? "throttled" : undefined,
    lowerFirst(event.refusal),
    formatFault(event.fault),
  ]
    .filter((note) => note !== undefined);
  const brackets = notes.length > 0 ? ` (${notes.join(", ")})` : "";
  return `${request} -> ${event.status ?? "no answer"}${brackets}`;
}

function formatHealth(health: Health | undefined): string | undefined {
  if (health?.state !== "NotReady") return health?.state;
  return `NotReady, ${health.subStatus}, ${quote(health.description ?? "")}`;
}

function formatFault(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `fault ${fault}`;
}

function lowerFirst(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
