import { type Scenario, thrice } from "../_scenario.ts";

const SIGNED_ONLY =
  "if the VM was created with the Metadata Security Protocol, the platform takes only what its guest proxy agent signs";

/** Azure as it is elsewhere, and as it was or will be. */
export const OTHER_PLATFORMS: readonly Scenario[] = [
  {
    name: "has no osProfile, as for a specialised image",
    faults: ["no-os-profile"],
    expected: {
      line: 'Host name set to "simulated-vm"',
      hostName: "simulated-vm",
    },
  },
  {
    name: "knows nothing of the VM",
    faults: ["bare"],
    expected: {
      line:
        "so no host name; create the VM with a computer name; the VM keeps the name that it has",
      hostName: "image",
    },
  },
  {
    name: "knows nothing of the VM, whose name it must know",
    faults: ["bare"],
    args: ["--require-hostname"],
    expected: {
      code: 65,
      line: "Error: The instance metadata has neither",
      hostName: "image",
      reported: "host_name_absent: ",
    },
  },
  {
    name: "has old metadata only, and these fail as well",
    faults: ["old-metadata", "503@metadata"],
    expected: {
      requests: { metadata: "(400 503 503)..." },
      line: "the VM keeps the name that it has",
      hostName: "image",
    },
  },
  {
    name: "has no metadata service, as on an old Azure Stack",
    faults: ["refuse@metadata"],
    expected: {
      requests: { metadata: "" },
      line: "the VM keeps the name that it has",
      hostName: "image",
    },
  },
  ...([
    [401, thrice(401), 69],
    [403, "403...", 75],
  ] as const).map(([status, answers, code]): Scenario => ({
    name: `answers ${status} to all that is not signed`,
    faults: [
      ...["goal-state", "metadata", "health", "health-json"]
        .map((target) => `${status}@${target}`),
    ],
    expected: {
      code,
      requests: {
        "goal-state": answers,
        metadata: `${status}...`,
        health: "",
        "health-json": `${status}...`,
      },
      line: SIGNED_ONLY,
      hostName: "image",
    },
  })),
];
