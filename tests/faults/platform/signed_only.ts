import { ovfEnvXml } from "../../media/_ovf_env.ts";
import type { Scenario } from "../_scenario.ts";

/** The agent is in the image. It is never run: its answers are the platform's faults. */
const AGENT =
  `mkdir -p /run/current-system/sw/bin; : >/run/current-system/sw/bin/azure-proxy-agent\n`;

/** The media ask for the agent. */
const WANTED =
  `mkdir -m 700 /run/azure-provisioning; umask 077; cat >/run/azure-provisioning/ovf-env.xml <<'END'\n${
    ovfEnvXml(
      { HostName: "media-vm" },
      "<ProvisionGuestProxyAgent>true</ProvisionGuestProxyAgent>",
    )
  }\nEND\n`;

const EVERYTHING = ["goal-state", "metadata", "health", "health-json"];

const NO_KEY_YET = "azure-proxy-agent may not have its key yet";

const MISSING =
  "The provisioning media ask for the Metadata Security Protocol, but its guest proxy agent is not in this image";

/** The Metadata Security Protocol, with its guest proxy agent and without. */
export const SIGNED_ONLY_SCENARIOS: readonly Scenario[] = [
  ...([
    ["agent-no-key", 401, NO_KEY_YET],
    ["agent-denies", 403, NO_KEY_YET],
    ["401", 401, NO_KEY_YET],
    ["403", 403, NO_KEY_YET],
    ["agent-misdirects", 421, "The platform answered 421 Misdirected Request"],
    ["agent-no-host", 502, "The platform answered 502 Bad Gateway"],
  ] as const).map(([fault, status, line]): Scenario => ({
    name: `plays ${fault} to everything at first, through the agent`,
    faults: [
      `${fault}@goal-state=4`,
      `${fault}@metadata=2`,
      `${fault}@health=4`,
    ],
    prepare: AGENT,
    timeoutS: 40,
    expected: {
      requests: {
        "goal-state": `${`${status} `.repeat(4)}200`,
        metadata: `${`${status} `.repeat(2)}200`,
        health: `${`${status} `.repeat(4)}200`,
      },
      line,
    },
  })),
  {
    name: "plays agent-no-key at first, whose agent is at an unusual place",
    faults: ["agent-no-key@goal-state=4"],
    timeoutS: 40,
    expected: {
      requests: { "goal-state": "401 401 401 401 200" },
      line: NO_KEY_YET,
    },
  },
  {
    name: "plays agent-no-key to everything for ever, through the agent",
    faults: EVERYTHING.map((target) => `agent-no-key@${target}`),
    prepare: AGENT,
    expected: {
      code: 75,
      requests: {
        "goal-state": "401...",
        metadata: "401...",
        health: "",
        "health-json": "401...",
      },
      line:
        'time is up); check what the platform says; azure-proxy-agent may not have its key yet: if it never gets one, see "systemctl status azure-proxy-agent"',
      hostName: "image",
    },
  },
  ...([
    [401, "401 401 401", 69],
    [403, "403...", 75],
  ] as const).map(([status, answers, code]): Scenario => ({
    name:
      `answers ${status} to all that is not signed, and asks for an agent that is missing`,
    faults: EVERYTHING.map((target) => `${status}@${target}`),
    prepare: WANTED,
    expected: {
      code,
      requests: {
        "goal-state": answers,
        metadata: `${status}...`,
        health: "",
        "health-json": `${status}...`,
      },
      line:
        "; the provisioning media ask for the Metadata Security Protocol, but its guest proxy agent is not in this image: put azure-proxy-agent into the image and have it up first, or create the VM without; next try in",
      hostName: "media-vm",
    },
  })),
  {
    name: "asks for a missing agent, but takes what is not signed",
    faults: [],
    prepare: WANTED,
    expected: { line: MISSING },
  },
  {
    name: "asks for an agent that is there",
    faults: [],
    prepare: AGENT + WANTED,
    expected: {
      line: "Provisioned: the platform knows that this VM is ready",
      never: MISSING,
    },
  },
];
