import type { Scenario } from "../_scenario.ts";

const READY = "Provisioned: the platform knows that this VM is ready";

/** How long metadata that take a while need, as they get a quarter of it, in seconds. */
const PATIENT_S = 16;

/** What the platform gets over while the program tries: the VM is ready. */
export const RECOVERS: readonly Scenario[] = [
  {
    name: "is well",
    faults: [],
    expected: { line: READY },
  },
  {
    name: "comes up late",
    faults: ["late-start=3"],
    // The metadata get a quarter of it.
    timeoutS: 40,
    expected: { line: "failed: Connection refused; next try in" },
  },
  {
    name: "announces its answers",
    faults: ["informational"],
    expected: { line: READY },
  },
  {
    name: "has a newer goal state each time, twice",
    faults: ["moving-incarnation=2"],
    timeoutS: 10,
    expected: {
      requests: { "goal-state": "200 200 200", health: "410 410 200" },
      line: 'The goal state with the incarnation "43" is out of date',
    },
  },
  {
    name: "has no role instance yet",
    faults: ["no-role-instance=2"],
    expected: {
      requests: { "goal-state": "200 200 200" },
      line: "The goal state has no RoleInstance and so no InstanceId; next try",
    },
  },
  {
    name: "sends its goal state slowly",
    faults: ["slow@goal-state"],
    expected: { line: READY },
  },
  {
    name: "sends its metadata slowly",
    faults: ["slow@metadata"],
    timeoutS: PATIENT_S,
    expected: { line: READY },
  },
  {
    name: "knows old metadata only",
    faults: ["old-metadata"],
    expected: {
      requests: { metadata: "400 200 200" },
      line: "does not know this version of the instance metadata",
      // They have no computer name, only the name of the VM's resource.
      hostName: "simulated-vm",
    },
  },
  ...[301, 403, 404, 408, 429, 500, 502, 503, 504].map((status): Scenario => ({
    name: `answers ${status} to everything at first`,
    faults: [
      `${status}@goal-state=2`,
      `${status}@metadata=1`,
      `${status}@health=2`,
    ],
    timeoutS: PATIENT_S,
    expected: {
      requests: {
        "goal-state": `${status} ${status} 200`,
        metadata: `${status} 200`,
        health: `${status} ${status} 200`,
      },
      line:
        `Try 2 to report Ready to 168.63.129.16 failed: The platform answered ${status} `,
    },
  })),
  {
    name: "finds the first report out of date",
    faults: ["410@health=1"],
    expected: {
      requests: { "goal-state": "200 200", health: "410 200" },
      line: 'The goal state with the incarnation "42" is out of date',
    },
  },
  ...([
    ["goal-state", "get the goal state from"],
    ["health", "report Ready to"],
  ] as const).map(([target, what]): Scenario => ({
    name: `resets the first two connections for ${target}`,
    faults: [`reset@${target}=2`],
    expected: {
      requests: { [target]: "- - 200" },
      line: `Try 2 to ${what} 168.63.129.16 failed: Connection reset; next try`,
    },
  })),
  ...([
    ["truncated", "The response ended within its sized body"],
    ["html", "The goal state cannot be parsed: "],
    ["empty-body", "The goal state cannot be parsed: "],
    ["garbage", "The response is not HTTP: "],
    ["huge", "The body of the response is over "],
    ["endless", "The body of the response is over "],
    ["gzip", 'The response has the content coding "gzip"'],
    ["nul", "The goal state cannot be parsed: "],
  ] as const).map(([fault, reason]): Scenario => ({
    name: `plays ${fault} once for the goal state`,
    faults: [`${fault}@goal-state=1`],
    expected: {
      requests: { "goal-state": fault === "garbage" ? "- 200" : "200 200" },
      line: `Try 1 to get the goal state from 168.63.129.16 failed: ${reason}`,
    },
  })),
  ...(["goal-state", "health"] as const).map((target): Scenario => ({
    name: `does not answer the first request for ${target}`,
    faults: [`hang@${target}=1`],
    timeoutS: 15,
    slow: true,
    expected: {
      requests: { [target]: "- 200" },
      line: "failed: No whole answer in time; next try in",
    },
  })),
  {
    name: "does not answer the first request for metadata",
    faults: ["hang@metadata=1"],
    timeoutS: 50,
    slow: true,
    expected: {
      requests: { metadata: "- 200" },
      line: "failed: No whole answer in time; next try in",
    },
  },
];
