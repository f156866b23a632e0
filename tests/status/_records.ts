import type { Status } from "../../lib/status/format_status.ts";

/** A first boot that went well, in the end. */
export const GOOD: Status = {
  format: 1,
  version: "0.1.0",
  outcome: "provisioned",
  startedAt: "2026-11-28T15:20:01.123Z",
  durationMs: 1000,
  vmId: "id-1",
  instanceId: "role-1",
  health: "Ready",
  phases: [
    { name: "metadata", startMs: 0.4, endMs: 40, outcome: "done" },
    { name: "goal-state", startMs: 0.5, endMs: 500, outcome: "done" },
    {
      name: "hostname",
      startMs: 500,
      endMs: 600,
      outcome: "done",
      what: 'host name "vm"',
    },
    {
      name: "user",
      startMs: 600,
      endMs: 600,
      outcome: "skipped",
      what: "not asked for",
    },
    { name: "report", startMs: 600, endMs: 1000, outcome: "done" },
  ],
  calls: [
    {
      what: "get the goal state from 127.0.0.1:80",
      tries: 1,
      startMs: 0.5,
      endMs: 20,
      ok: false,
      status: 503,
      why: "The platform answered 503 Service Unavailable",
    },
    {
      what: "get the goal state from 127.0.0.1:80",
      tries: 2,
      startMs: 400,
      endMs: 500,
      ok: true,
      status: 200,
    },
  ],
  moreCalls: 0,
};
