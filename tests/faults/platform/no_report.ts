import { type Scenario, thrice } from "../_scenario.ts";

const NOT_TAKEN = "Error: Cannot report Ready to 168.63.129.16: ";

/** What refuses XML for good is asked: the goal state may have been an old one. */
const REFUSED = { "goal-state": "200 200 200", health: thrice(400) } as const;

/** What is said of a status, and what comes next. */
function remedyFor(status: number): string {
  return status === 401 || status === 403
    ? "check what the platform says; if the VM was created with the Metadata Security Protocol"
    : "check what the platform says, and the health of Azure; reporting it as JSON";
}

/** A report that XML cannot deliver goes out as JSON; one that nothing takes is no Ready. */
export const NO_REPORT_SCENARIOS: readonly Scenario[] = [
  ...[400, 401, 405, 413, 415, 501].map((status): Scenario => ({
    name: `answers ${status} to a report in XML`,
    faults: [`${status}@health`],
    expected: {
      requests: {
        ...(status === 400 ? REFUSED : { health: thrice(status) }),
        "health-json": "201",
      },
      line: `no later one can succeed); ${remedyFor(status)}`,
    },
  })),
  ...[302, 403, 404, 429, 500, 503].map((status): Scenario => ({
    name: `never answers better than ${status} to a report in XML`,
    faults: [`${status}@health`],
    expected: {
      requests: { health: `${status}...`, "health-json": "201" },
      line: `time is up); ${remedyFor(status)}`,
    },
  })),
  {
    name: "has a newer goal state each time, for ever",
    faults: ["moving-incarnation"],
    expected: {
      requests: {
        "goal-state": "200...",
        health: "410...",
        "health-json": "201",
      },
      line: "; reporting it as JSON",
    },
  },
  {
    name: "has a busy JSON endpoint",
    faults: ["400@health", "503@health-json=2"],
    timeoutS: 8,
    expected: {
      requests: { ...REFUSED, "health-json": "503 503 201" },
      line:
        "Try 2 to report Ready to 168.63.129.16/provisioning/health failed: The platform answered 503 ",
    },
  },
  ...[400, 404, 500].map((status): Scenario => ({
    name: `refuses XML, and answers ${status} to JSON`,
    faults: ["400@health", `${status}@health-json`],
    expected: {
      code: 69,
      requests: {
        ...REFUSED,
        "health-json": { 400: thrice(400), 404: "404" }[status] ?? "500...",
      },
      line: `${NOT_TAKEN}The platform answered 400 `,
    },
  })),
  {
    name: "never answers better than 503 to any report",
    faults: ["503@health", "503@health-json"],
    expected: {
      code: 75,
      requests: { health: "503...", "health-json": "503..." },
      line: `${NOT_TAKEN}The platform answered 503 `,
    },
  },
  {
    name: "never answers a report in XML",
    faults: ["hang@health"],
    expected: {
      requests: { health: "-", "health-json": "201" },
      line: "No whole answer in time (1 try in ",
    },
  },
  {
    name: "resets every connection for a report in XML",
    faults: ["reset@health"],
    expected: {
      requests: { health: "-...", "health-json": "201" },
      line: "; reporting it as JSON",
    },
  },
  {
    name: "never answers a report",
    faults: ["hang@health", "hang@health-json"],
    expected: {
      code: 69,
      requests: { health: "-", "health-json": "-" },
      line: `${NOT_TAKEN}No whole answer in time (1 try in `,
    },
  },
  {
    name: "resets every connection for a report",
    faults: ["reset@health", "reset@health-json"],
    expected: {
      code: 69,
      requests: { health: "-...", "health-json": "-..." },
      line: `${NOT_TAKEN}Connection reset (`,
    },
  },
  {
    name: "answers a report with garbage",
    faults: ["garbage@health"],
    expected: {
      requests: { health: "-...", "health-json": "201" },
      line: "; reporting it as JSON",
    },
  },
  ...[
    "html",
    "endless",
    "endless-chunks",
    "drip",
    "bad-chunks",
    "gzip",
    "long-length",
    "two-lengths",
    "huge-headers",
  ].map((fault): Scenario => ({
    name: `plays ${fault} after a status that says that it took the report`,
    faults: [`${fault}@health`],
    expected: { line: "Response: 200 OK" },
  })),
  {
    name: "wants JSON, as the command line says",
    faults: [],
    args: ["--health-protocol=json"],
    expected: {
      requests: { "goal-state": "", health: "", "health-json": "201" },
      line: "Response: 201 Created",
    },
  },
  {
    name: "refuses XML, which is the only way",
    faults: ["400@health"],
    args: ["--health-protocol=xml"],
    expected: {
      code: 69,
      requests: REFUSED,
      line: `${NOT_TAKEN}The platform answered 400 `,
    },
  },
];
