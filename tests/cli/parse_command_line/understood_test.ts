import { assertEquals } from "@std/assert";
import { DEFAULT_OPTIONS, type Options } from "../../../lib/cli/options.ts";
import { parseCommandLine } from "../../../lib/cli/parse_command_line.ts";
import { argsOf, type Line, nameOf } from "./_line.ts";

interface Expected {
  readonly command: string;
  readonly positionals?: readonly string[];
  /** What differs from the defaults. */
  readonly options?: Partial<Options>;
  readonly named?: boolean;
}

const MADE: readonly (readonly [Line, Expected])[] = [
  ["", { command: "provision", named: false }],
  ["provision", { command: "provision" }],
  ["goal-state", { command: "goal-state" }],
  ["goal-state -", { command: "goal-state", positionals: ["-"] }],
  ["health ready", { command: "health", positionals: ["ready"] }],
  ["hostname vm", { command: "hostname", positionals: ["vm"] }],
  ["simulate", { command: "simulate" }],

  // Options before and after the command, and between its arguments.
  [
    "--force provision --require-hostname",
    {
      command: "provision",
      options: { force: true, requireHostName: true },
    },
  ],
  ["--force", { command: "provision", options: { force: true }, named: false }],
  [
    "--timeout 5 goal-state --json file",
    {
      command: "goal-state",
      positionals: ["file"],
      options: { timeoutMs: 5000, json: true },
    },
  ],
  [
    "health --description why not-ready",
    {
      command: "health",
      positionals: ["not-ready"],
      options: { description: "why" },
    },
  ],

  // Lists.
  [
    ["provision", "--with", "hostname, hostname", "--admin-groups=a, b_1,a"],
    {
      command: "provision",
      options: { withParts: ["hostname"], adminGroups: ["a", "b_1"] },
    },
  ],

  // Every form of a value.
  ["--timeout=5", {
    command: "provision",
    options: { timeoutMs: 5000 },
    named: false,
  }],
  ["hostname --timeout 0.25", {
    command: "hostname",
    options: { timeoutMs: 250 },
  }],
  ["hostname --timeout 604800", {
    command: "hostname",
    options: { timeoutMs: 604_800_000 },
  }],
  ["hostname --wireserver 127.0.0.1:8080 --imds [::1]:81", {
    command: "hostname",
    options: {
      wireserver: { hostname: "127.0.0.1", port: 8080 },
      imds: { hostname: "::1", port: 81 },
    },
  }],
  ["hostname --state-dir /a/b/ --log-level debug --log-format json", {
    command: "hostname",
    options: { stateDir: "/a/b", logLevel: "debug", logFormat: "json" },
  }],
  ["hostname --state-dir ///", {
    command: "hostname",
    options: { stateDir: "/" },
  }],
  [["hostname", "--agent-name", "my agent/1.0"], {
    command: "hostname",
    options: { agentName: "my agent/1.0" },
  }],
  [["health", "not-ready", "--description", " \n\u00e4 "], {
    command: "health",
    positionals: ["not-ready"],
    options: { description: " \n\u00e4 " },
  }],
  [["health", "not-ready", "--description=--force"], {
    command: "health",
    positionals: ["not-ready"],
    options: { description: "--force" },
  }],
  ["health not-ready --description=-1", {
    command: "health",
    positionals: ["not-ready"],
    options: { description: "-1" },
  }],
  ["health not-ready --description=a=b", {
    command: "health",
    positionals: ["not-ready"],
    options: { description: "a=b" },
  }],

  // Nothing becomes a number or a boolean.
  ["hostname 0x10", { command: "hostname", positionals: ["0x10"] }],
  ["hostname 1e3", { command: "hostname", positionals: ["1e3"] }],
  ["hostname 007", { command: "hostname", positionals: ["007"] }],
  ["hostname true", { command: "hostname", positionals: ["true"] }],
  [
    "health ready --incarnation 007 --container-id 0x10 --instance-id 1e3",
    {
      command: "health",
      positionals: ["ready"],
      options: { incarnation: "007", containerId: "0x10", instanceId: "1e3" },
    },
  ],
  ["health not-ready --description true", {
    command: "health",
    positionals: ["not-ready"],
    options: { description: "true" },
  }],

  // A flag does not take the word after it.
  ["hostname --dry-run true", {
    command: "hostname",
    positionals: ["true"],
    options: { dryRun: true },
  }],
  ["hostname --dry-run false", {
    command: "hostname",
    positionals: ["false"],
    options: { dryRun: true },
  }],

  // Everything after two hyphens is an argument.
  ["hostname -- --dry-run", {
    command: "hostname",
    positionals: ["--dry-run"],
  }],
  ["hostname -- --", { command: "hostname", positionals: ["--"] }],
  ["-- hostname vm", { command: "hostname", positionals: ["vm"] }],
  ["--force --", {
    command: "provision",
    options: { force: true },
    named: false,
  }],

  // Options that may be repeated keep their order.
  ["simulate --fault 503=2 --fault=hang", {
    command: "simulate",
    options: { faults: ["503=2", "hang"] },
  }],
  ["simulate --fault 503", {
    command: "simulate",
    options: { faults: ["503"] },
  }],

  // Help needs no arguments.
  ["--help", {
    command: "provision",
    options: { help: true },
    named: false,
  }],
  ["-h", { command: "provision", options: { help: true }, named: false }],
  ["health --help", { command: "health", options: { help: true } }],
  ["hostname a b --help", {
    command: "hostname",
    positionals: ["a", "b"],
    options: { help: true },
  }],
  ["health --version", { command: "health", options: { version: true } }],
];

for (const [line, expected] of MADE) {
  Deno.test(`parseCommandLine() understands ${nameOf(line)}`, () => {
    const { command, named, positionals, options } = parseCommandLine(
      argsOf(line),
    );
    assertEquals(command.name, expected.command);
    assertEquals(named, expected.named ?? true);
    assertEquals(positionals, expected.positionals ?? []);
    assertEquals(options, { ...DEFAULT_OPTIONS, ...expected.options });
  });
}
