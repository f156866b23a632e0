import { type Scenario, thrice } from "../_scenario.ts";

const NO_GOAL_STATE = "Error: Cannot get the goal state from 168.63.129.16: ";

/** A report without a goal state, as JSON. */
const TOLD = { health: "", "health-json": "201" } as const;

/** Why the report can do without. */
const WITHOUT = "; going on without it, as a report in JSON needs none";

/** Where a signature may be missing, that is what is said. */
function remedyFor(status: number): string {
  return status === 401 || status === 403
    ? "check what the platform says; if the VM was created with the Metadata Security Protocol"
    : `check what the platform says, and the health of Azure${WITHOUT}`;
}

/**
 * A platform that refuses the goal state is told that the VM is ready in JSON, which
 * needs none. What is silent, or no WireServer, gets no Ready; where it is there, it
 * is told why.
 */
export const NO_GOAL_STATE_SCENARIOS: readonly Scenario[] = [
  ...[400, 401, 405, 413, 501, 505].map((status): Scenario => ({
    name: `answers ${status} to the request for the goal state`,
    faults: [`${status}@goal-state`],
    expected: {
      requests: { "goal-state": thrice(status), ...TOLD },
      line: `no later one can succeed); ${remedyFor(status)}`,
    },
  })),
  ...[302, 403, 404, 410, 429, 500, 503].map((status): Scenario => ({
    name:
      `never answers better than ${status} to the request for the goal state`,
    faults: [`${status}@goal-state`],
    expected: {
      requests: { "goal-state": `${status}...`, ...TOLD },
      line: `time is up); ${remedyFor(status)}`,
    },
  })),
  ...([
    ["html", "The goal state cannot be parsed: "],
    ["empty-body", "The goal state cannot be parsed: "],
    ["wrong-type", "The goal state cannot be parsed: "],
    ["short-length", "The goal state cannot be parsed: "],
    ["entity-bomb", "The goal state cannot be parsed: "],
    ["nested", "The goal state cannot be parsed: "],
    ["nul", "The goal state cannot be parsed: "],
    ["raw-control", "The goal state cannot be parsed: "],
    ["control", "The goal state has a control character in its "],
    ["no-ids", "The goal state has an empty ContainerId"],
    ["bad-utf-8", "The body of the response is not UTF-8"],
    ["huge", "The body of the response is over "],
    ["endless", "The body of the response is over "],
    ["endless-chunks", "The body of the response is over "],
    ["bad-chunks", 'The response has a chunk of the size "size"'],
    ["gzip", 'The response has the content coding "gzip"'],
    ["two-lengths", "The response has the invalid Content-Length "],
    ["huge-headers", "The headers of the response are over 65536 bytes"],
  ] as const).map(([fault, reason]): Scenario => ({
    name: `plays ${fault} for the goal state`,
    faults: [`${fault}@goal-state`],
    expected: {
      code: 65,
      requests: { "goal-state": "200...", ...TOLD },
      line: `${NO_GOAL_STATE}${reason}`,
      hostName: "image",
      reported: "goal_state_",
    },
  })),
  {
    name: "sends garbage for the goal state",
    faults: ["garbage@goal-state"],
    expected: {
      code: 65,
      requests: { "goal-state": "-...", ...TOLD },
      line: `${NO_GOAL_STATE}The response is not HTTP: `,
      hostName: "image",
      reported: "goal_state_unavailable: ",
    },
  },
  {
    name: "never has a role instance",
    faults: ["no-role-instance"],
    expected: {
      code: 65,
      requests: { "goal-state": "200...", ...TOLD },
      line: `${NO_GOAL_STATE}The goal state has no RoleInstance`,
      hostName: "image",
      reported: "goal_state_no_role_instance: ",
    },
  },
  ...([
    ["truncated", "200..."],
    ["long-length", "200..."],
    ["drip", "200"],
  ] as const).map(([fault, answers]): Scenario => ({
    name: `plays ${fault} for the goal state`,
    faults: [`${fault}@goal-state`],
    expected: {
      code: 69,
      requests: { "goal-state": answers, ...TOLD },
      line: NO_GOAL_STATE,
      hostName: "image",
      reported: "goal_state_unavailable: ",
    },
  })),
  {
    name: "is not there at all",
    faults: ["refuse"],
    expected: {
      code: 69,
      requests: { "goal-state": "", metadata: "", health: "" },
      line: `${NO_GOAL_STATE}Connection refused (`,
      hostName: "image",
    },
  },
  {
    name: "never answers the request for the goal state",
    faults: ["hang@goal-state"],
    expected: {
      code: 69,
      requests: { "goal-state": "-", health: "" },
      line: `${NO_GOAL_STATE}No whole answer in time (1 try in `,
      hostName: "image",
    },
  },
  {
    name: "resets every connection for the goal state",
    faults: ["reset@goal-state"],
    expected: {
      code: 69,
      requests: { "goal-state": "-...", health: "" },
      line: `${NO_GOAL_STATE}Connection reset (`,
      hostName: "image",
    },
  },
  {
    name: "is busy, and then silent",
    faults: ["503@goal-state=2", "hang@goal-state"],
    expected: {
      requests: { "goal-state": "503 503 -", ...TOLD },
      line: "The platform answered 503 ",
    },
  },
  {
    name: "is busy, and then silent, where XML is the only way",
    faults: ["503@goal-state=2", "hang@goal-state"],
    args: ["--health-protocol=xml"],
    expected: {
      code: 75,
      requests: { "goal-state": "503 503 -", health: "" },
      line: "The platform answered 503 ",
      hostName: "image",
    },
  },
  {
    name: "refuses the goal state, and has a busy JSON endpoint",
    faults: ["400@goal-state", "503@health-json=2"],
    timeoutS: 8,
    expected: {
      requests: {
        "goal-state": thrice(400),
        health: "",
        "health-json": "503 503 201",
      },
      line:
        "Try 2 to report Ready to 168.63.129.16/provisioning/health failed: The platform answered 503 ",
    },
  },
  {
    name: "refuses the goal state, and knows XML only",
    faults: ["400@goal-state", "404@health-json"],
    expected: {
      code: 69,
      requests: {
        "goal-state": thrice(400),
        health: "",
        "health-json": "404",
      },
      line: "Warning: Cannot report Ready to 168.63.129.16",
    },
  },
  {
    name: "refuses the goal state, and never answers JSON",
    faults: ["400@goal-state", "hang@health-json"],
    expected: {
      code: 69,
      requests: { "goal-state": thrice(400), health: "", "health-json": "-" },
      line: `${NO_GOAL_STATE}The platform answered 400 `,
    },
  },
  {
    name: "refuses the goal state and the metadata, which the VM must have",
    faults: ["400@goal-state", "400@metadata"],
    args: ["--require-hostname"],
    expected: {
      code: 69,
      requests: { "goal-state": thrice(400), metadata: "400...", ...TOLD },
      line: "Error: Cannot get the instance metadata from 169.254.169.254:",
      hostName: "image",
      reported: "metadata_unavailable: ",
    },
  },
  {
    name: "refuses the goal state where XML is the only way",
    faults: ["400@goal-state"],
    args: ["--health-protocol=xml"],
    expected: {
      code: 69,
      requests: { "goal-state": thrice(400), health: "" },
      line: NO_GOAL_STATE,
      hostName: "image",
    },
  },
];
