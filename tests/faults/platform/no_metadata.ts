import type { Scenario } from "../_scenario.ts";

const KEEPS = "; the VM keeps the name that it has";

/** Without metadata the VM is ready under the name that it has, unless it must have the right one. */
export const NO_METADATA_SCENARIOS: readonly Scenario[] = [
  ...[400, 401, 501].map((status): Scenario => ({
    name: `answers ${status} to the request for metadata`,
    faults: [`${status}@metadata`],
    expected: {
      requests: { metadata: `${status}...` },
      line: KEEPS,
      hostName: "image",
    },
  })),
  ...[403, 404, 410, 429, 500, 503].map((status): Scenario => ({
    name: `never answers better than ${status} to the request for metadata`,
    faults: [`${status}@metadata`],
    expected: {
      requests: { metadata: `${status}...` },
      line: KEEPS,
      hostName: "image",
    },
  })),
  ...([
    ["html", "The instance metadata is not JSON"],
    ["empty-body", "The instance metadata is not JSON"],
    ["wrong-type", "The instance metadata is not JSON"],
    ["raw-control", "The instance metadata is not JSON"],
    ["bad-utf-8", "The body of the response is not UTF-8"],
    ["huge", "The body of the response is over "],
    ["endless", "The body of the response is over "],
    ["endless-chunks", "The body of the response is over "],
    ["bad-chunks", 'The response has a chunk of the size "size"'],
    ["gzip", 'The response has the content coding "gzip"'],
    ["truncated", "The response ended within its sized body"],
    ["huge-headers", "The headers of the response are over 65536 bytes"],
    ["drip", "No whole answer in time"],
  ] as const).map(([fault, reason]): Scenario => ({
    name: `plays ${fault} for the metadata`,
    faults: [`${fault}@metadata`],
    expected: {
      requests: { metadata: "200..." },
      line: reason,
      hostName: "image",
    },
  })),
  ...([
    ["refuse", "", "Connection refused"],
    ["hang", "-", "No whole answer in time"],
    ["reset", "-...", "Connection reset"],
    ["garbage", "-...", "The response is not HTTP: "],
  ] as const).map(([fault, answers, reason]): Scenario => ({
    name: `plays ${fault} for the metadata`,
    faults: [`${fault}@metadata`],
    expected: {
      requests: { metadata: answers },
      line: reason,
      hostName: "image",
    },
  })),
  {
    name: "has metadata nested 50,000 deep beside the VM's",
    faults: ["nested@metadata"],
    expected: { line: 'Host name set to "fault-vm"' },
  },
  {
    name: "has secrets in its metadata",
    faults: ["secrets"],
    args: ["--log-level=debug"],
    expected: { line: 'Host name set to "fault-vm"' },
  },
  ...([
    ["inject", 'The name "vm;reboot" from the instance metadata'],
    ["control", 'The name "faul\\u001b[2J\\u001b]0;forged\\u0007'],
    ["nul", 'The name "faul\\u0000t-vm" from the instance metadata'],
  ] as const).map(([fault, line]): Scenario => ({
    name: `plays ${fault} in the VM's name`,
    faults: [`${fault}@metadata`],
    expected: { line, hostName: "image" },
  })),
  {
    name: "plays inject in the VM's name, which the VM must have",
    faults: ["inject@metadata"],
    args: ["--require-hostname"],
    expected: {
      code: 65,
      line: "Error: ",
      hostName: "image",
      reported: "host_name_invalid: ",
    },
  },
  ...([
    ["404", "404...", 75],
    ["401", "401...", 69],
    ["hang", "-", 69],
    ["html", "200...", 65],
  ] as const).map(([fault, answers, code]): Scenario => ({
    name: `plays ${fault} for the metadata, which the VM must have`,
    faults: [`${fault}@metadata`],
    args: ["--require-hostname"],
    expected: {
      code,
      requests: { metadata: answers },
      line: "Error: Cannot get the instance metadata from 169.254.169.254: ",
      hostName: "image",
      reported: "metadata_",
    },
  })),
  {
    name: "has ids that a shell would take for commands",
    faults: ["inject@goal-state"],
    expected: { line: "ContainerId: $(reboot)`reboot`;reboot|reboot&&" },
  },
];
