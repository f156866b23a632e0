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

const WIRESERVER = "get the goal state from 168.63.129.16";
const IMDS = "get the instance metadata from 169.254.169.254";

/** A first boot of a minute whose network was dead: ten tries of two calls, in turn. */
export const DEAD: Status = {
  format: 1,
  version: "0.1.0",
  outcome: "failed",
  startedAt: "2026-11-28T15:20:01.123Z",
  durationMs: 60_000,
  error: {
    key: "goal_state_unavailable",
    message:
      'Cannot get the goal state from 168.63.129.16: No whole answer in time (10 tries in 60.0 s, time is up; before: "a; b"); check that the network is up, that the VM runs on Azure, and that no firewall or route hides the platform; this machine has no route to 168.63.129.16 and no default route: "eth0" has no address',
  },
  phases: [
    {
      name: "metadata",
      startMs: 0,
      endMs: 15_000,
      outcome: "warned",
      what: "metadata_unavailable",
    },
    {
      name: "goal-state",
      startMs: 0,
      endMs: 60_000,
      outcome: "failed",
      what: "goal_state_unavailable",
    },
  ],
  calls: Array.from({ length: 20 }, (_, index) => ({
    what: index % 2 === 0 ? WIRESERVER : IMDS,
    tries: Math.floor(index / 2) + 1,
    startMs: index * 3000,
    endMs: index * 3000 + 1000,
    ok: false,
    // The network came up for a while.
    why: index === 9 || index === 13
      ? "Connection refused"
      : "Network is unreachable (os error 101)",
  })),
  moreCalls: 0,
};
