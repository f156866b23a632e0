import type { ServiceName, Target } from "./api.ts";
import { quote } from "./refusal.ts";
import type { Health } from "./report_check.ts";

/** One request and what the platform did with it. */
export interface PlatformEvent {
  /** Since the platform was started. */
  readonly elapsedMs: number;
  readonly service: ServiceName;
  /** The address at which the connection arrived: with several VMs, one for each. */
  readonly localAddress: string;
  /** What kind of request it is: for a health report, the endpoint that it came by. */
  readonly kind?: Target;
  /** Empty when the request line could not be read. */
  readonly method: string;
  /** Path and query; empty when the request line could not be read. */
  readonly target: string;
  /** Names in lower case; empty when the head was not read or is malformed. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty when it was not read. */
  readonly body: string;
  /** The status of the answer; undefined when a fault gave none. */
  readonly status: number | undefined;
  /** Whether the client was given what it asked for, true and whole. */
  readonly served: boolean;
  /** Why the request was refused. */
  readonly refusal?: string;
  /** Whether it was one request too many; it was not looked at then. */
  readonly throttled?: true;
  /** The name of the fault that was played. */
  readonly fault?: string;
  /** What an accepted health report said. */
  readonly health?: Health;
}

/** An event as one line: the request, the answer, and in brackets why. */
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
