import type { PlatformEvent } from "./event.ts";
import { quote } from "./refusal.ts";
import type { Health } from "./report_check.ts";

/** What one agent asked the platform for. */
export interface AgentVerdict {
  /** As it names itself, such as "WALinuxAgent/2.7.3.0"; empty if it does not. */
  readonly agent: string;
  /** In their order. */
  readonly requests: readonly AgentRequest[];
}

/** A request of an agent, or the same one several times in a row. */
export interface AgentRequest {
  /** When it came first, since the platform was started. */
  readonly afterMs: number;
  /** Method, path and query; empty if the request line was invalid. */
  readonly request: string;
  /** The status of the answer; absent if there was none. */
  readonly status?: number;
  /** What an accepted health report said. */
  readonly health?: Health["state"];
  readonly times: number;
}

/** Sorts requests by the agents that made them, in the order of their first ones. */
export function judgeAgents(events: readonly PlatformEvent[]): AgentVerdict[] {
  const byAgent = Map.groupBy(events, agentOf);
  return [...byAgent].map(([agent, its]) => ({
    agent,
    requests: its.reduce(addRequest, []),
  }));
}

/** Formats what each agent asked for, as lines. */
export function formatAgents(agents: readonly AgentVerdict[]): string[] {
  return agents.flatMap(({ agent, requests }) => [
    `Asked for by ${agent === "" ? "an agent without a name" : quote(agent)}:`,
    ...requests.map(formatRequest),
  ]);
}

function formatRequest(
  { afterMs, request, status, health, times }: AgentRequest,
): string {
  const said = health === undefined ? "" : ` (${health})`;
  const again = times === 1 ? "" : `, ${times} times`;
  return `  ${(afterMs / 1000).toFixed(2)} s ${
    request || "malformed request"
  } -> ${status ?? "no answer"}${said}${again}`;
}

/** What follows a "+" tells the agents' threads apart, not the agents. */
function agentOf({ headers }: PlatformEvent): string {
  const name = headers["user-agent"] ?? headers["x-ms-agent-name"] ??
    headers["x-ms-guest-agent-name"] ?? "";
  return name.split("+", 1)[0]!;
}

function addRequest(
  requests: AgentRequest[],
  { elapsedMs, method, target, status, health }: PlatformEvent,
): AgentRequest[] {
  const request = method === "" ? "" : `${method} ${target}`;
  const last = requests.at(-1);
  const again = last?.request === request && last.status === status &&
    last.health === health?.state;
  if (again) requests.pop();
  requests.push({
    afterMs: again ? last.afterMs : elapsedMs,
    request,
    ...(status !== undefined && { status }),
    ...(health !== undefined && { health: health.state }),
    times: again ? last.times + 1 : 1,
  });
  return requests;
}
