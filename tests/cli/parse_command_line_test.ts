import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  DEFAULT_OPTIONS,
  type Options,
} from "../../lib/cli/options.ts";
import { parseCommandLine } from "../../lib/cli/parse_command_line.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

/** A command line, written as a shell would without quotes. */
type Line = string | readonly string[];

function argsOf(line: Line): readonly string[] {
  if (typeof line !== "string") return line;
  return line === "" ? [] : line.split(" ");
}

function nameOf(line: Line): string {
  return typeof line === "string" ? `"${line}"` : JSON.stringify(line);
}

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

const REFUSED: readonly (readonly [Line, message: string])[] = [
  // Unknown commands and options, with the nearest name.
  ["provison", 'Unknown command "provison"; did you mean "provision"?'],
  ["goalstate", 'Unknown command "goalstate"; did you mean "goal-state"?'],
  ["Health ready", 'Unknown command "Health"; did you mean "health"?'],
  ["xyzzy", 'Unknown command "xyzzy"'],
  [[""], 'Unknown command ""'],
  ["-", 'Unknown command "-"'],
  ["toString", 'Unknown command "toString"'],
  ["__proto__", 'Unknown command "__proto__"'],
  ["1", 'Unknown command "1"'],
  [
    "--wireservr a",
    'Unknown option "--wireservr"; did you mean "--wireserver"?',
  ],
  ["--imsd=a", 'Unknown option "--imsd"; did you mean "--imds"?'],
  ["--Force", 'Unknown option "--Force"; did you mean "--force"?'],
  ["--dry_run", 'Unknown option "--dry_run"; did you mean "--dry-run"?'],
  ["-force", 'Unknown option "-force"; did you mean "--force"?'],
  ["--no-force", 'Unknown option "--no-force"; did you mean "--force"?'],
  ["--xyzzy", 'Unknown option "--xyzzy"'],
  ["-v", 'Unknown option "-v"'],
  ["-f", 'Unknown option "-f"'],
  ["-1", 'Unknown option "-1"'],
  ["-h=1", 'Unknown option "-h"'],
  ["--=1", 'Unknown option "--"'],
  ["---force", 'Unknown option "---force"; did you mean "--force"?'],
  ["--__proto__", 'Unknown option "--__proto__"'],
  ["--__proto__=1", 'Unknown option "--__proto__"'],
  ["--__proto__.force=1", 'Unknown option "--__proto__.force"'],
  ["--constructor", 'Unknown option "--constructor"'],
  ["--toString=1", 'Unknown option "--toString"'],
  ["--_ x", 'Unknown option "--_"'],
  [
    "--wireserver.x 1",
    'Unknown option "--wireserver.x"; did you mean "--wireserver"?',
  ],
  [
    "--wireserver.x=1",
    'Unknown option "--wireserver.x"; did you mean "--wireserver"?',
  ],
  ["--timeoutMs 1", 'Unknown option "--timeoutMs"; did you mean "--timeout"?'],
  ["--stateDir /a", 'Unknown option "--stateDir"; did you mean "--state-dir"?'],

  // Values that are missing.
  ["--timeout", 'The option "--timeout" needs a value (SECONDS)'],
  ["--timeout=", 'The option "--timeout" needs a value (SECONDS)'],
  [["--timeout", ""], 'The option "--timeout" needs a value (SECONDS)'],
  ["hostname --state-dir", 'The option "--state-dir" needs a value (DIR)'],
  ["simulate --fault=", 'The option "--fault" needs a value'],
  [
    "--timeout -1",
    'The option "--timeout" needs a value (SECONDS); write "--timeout=-1" if "-1" is its value',
  ],
  [
    "--state-dir --force",
    'The option "--state-dir" needs a value (DIR); write "--state-dir=--force" if "--force" is its value',
  ],
  ["--agent-name -", 'The option "--agent-name" needs a value (NAME); write'],
  [
    "--agent-name -- x",
    'The option "--agent-name" needs a value (NAME); write',
  ],

  // Values where none belong.
  ["--force=no", 'The option "--force" takes no value, and "no" was given'],
  ["--force=true", 'The option "--force" takes no value, and "true" was given'],
  ["--force=false", 'The option "--force" takes no value, and "false" was'],
  ["--force=", 'The option "--force" takes no value, and "" was given'],
  ["--help=no", 'The option "--help" takes no value, and "no" was given'],

  // Words after a flag are arguments, and not its value.
  ["--force true", 'Unknown command "true"'],
  ["provision --force true", 'does not take the argument "true"'],

  // Options that come twice.
  ["--force --force", 'The option "--force" is given twice'],
  ["--timeout 1 --timeout 2", 'The option "--timeout" is given twice'],
  [
    "--timeout=1 goal-state --timeout 1",
    'The option "--timeout" is given twice',
  ],
  ["-h --help", 'The option "--help" is given twice'],

  // Options of another command.
  [
    "health ready --force",
    'The option "--force" does not go with the command "health", but with "provision"',
  ],
  [
    "--json",
    'The option "--json" does not go with the command "provision", but with "goal-state", "simulate"',
  ],
  [
    "provision --dry-run",
    'The option "--dry-run" does not go with the command "provision", but with "health", "hostname"',
  ],

  // Too many and too few arguments.
  ["provision now", 'The command "provision" does not take the argument "now"'],
  ["goal-state a b", 'The command "goal-state" does not take the argument "b"'],
  ["hostname a b c", 'The command "hostname" does not take the argument "b"'],
  [
    "simulate -- --json",
    'The command "simulate" does not take the argument "--json"',
  ],
  [
    "health",
    'The command "health" needs an argument: ready | not-ready --description TEXT',
  ],

  // Values of a wrong form.
  ...[
    "0",
    "-5",
    "1e3",
    "0x10",
    "five",
    "1 2",
    "1.",
    ".5",
    "1,5",
    "604801",
    "Infinity",
    "NaN",
    "+1",
    " 1",
  ]
    .map((value) =>
      [
        [`--timeout=${value}`],
        `The option "--timeout" has a wrong value: "${value}" is not a number of seconds between 0 and 604800`,
      ] as const
    ),
  ...["http://a/", "a:b", "a:65536", ":80", "a b", "[::1"].map((value) =>
    [
      [`--wireserver=${value}`],
      `The option "--wireserver" has a wrong value: "${value}" is not of the form HOST or HOST:PORT`,
    ] as const
  ),
  ["--imds a:b", 'The option "--imds" has a wrong value: "a:b" is not'],
  [
    "--state-dir var/lib",
    'The option "--state-dir" has a wrong value: "var/lib" is not an absolute path',
  ],
  [["--state-dir=/a\0b"], 'The option "--state-dir" has a wrong value'],
  [
    "--log-level loud",
    'The option "--log-level" has a wrong value: "loud" is not one of debug, info, warn, error',
  ],
  ["--log-level Info", 'The option "--log-level" has a wrong value: "Info"'],
  [
    "--log-format xml",
    'The option "--log-format" has a wrong value: "xml" is not one of text, json',
  ],
  ...["a\r\nx: y", "a\n", "\u00e4", " a", "a ", "a\tb", "a".repeat(129)]
    .map((value) =>
      [
        [`--agent-name=${value}`],
        `The option "--agent-name" has a wrong value: "${value}" is not 1 to 128 printable ASCII characters`,
      ] as const
    ),
  [
    ["health", "ready", "--incarnation=4\n2"],
    'The option "--incarnation" has a wrong value',
  ],
  ...["abc", "4a", "-4", "4.2", " ", "123456789012345678901"].map((value) =>
    [
      ["health", "ready", `--incarnation=${value}`],
      `The option "--incarnation" has a wrong value: "${value}" is not a number`,
    ] as const
  ),
  ...["  ", "\t", "\n", "\u00a0"].map((value) =>
    [
      ["health", "not-ready", "--description", value],
      `The option "--description" has a wrong value: "${value}" is blank`,
    ] as const
  ),
  [
    ["health", "ready", "--container-id=\u00e4"],
    'The option "--container-id" has a wrong value',
  ],
  [
    ["health", "ready", "--instance-id= "],
    'The option "--instance-id" has a wrong value',
  ],
];

for (const [line, message] of REFUSED) {
  Deno.test(`parseCommandLine() refuses ${nameOf(line).slice(0, 90)}`, () => {
    const error = assertThrows(
      () => parseCommandLine(argsOf(line)),
      UsageError,
    );
    assertStringIncludes(error.message, message);
    // No nearest name in the table means that none is to be given.
    const withoutHint = message.startsWith("Unknown ") &&
      !message.includes("; did you mean ");
    if (withoutHint) assertEquals(error.message, message);
  });
}

Deno.test("parseCommandLine() leaves the prototypes of objects and the defaults alone", () => {
  const before = structuredClone(DEFAULT_OPTIONS);
  parseCommandLine(["--force", "--timeout", "5", "--state-dir", "/x"]);
  assertEquals(DEFAULT_OPTIONS, before);
  assertEquals(Object.keys(Object.prototype), []);
});

Deno.test("parseCommandLine() takes each command's own options, and every command the common ones", () => {
  for (const command of COMMANDS) {
    const own = COMMAND_OPTIONS.filter(({ name }) =>
      command.options.includes(name)
    );
    for (const spec of [...own, ...COMMON_OPTIONS]) {
      const args = ["--help", command.name].filter((arg) =>
        arg !== `--${spec.name}`
      );
      const value = "value" in spec ? [VALID[spec.value] ?? "1"] : [];
      const line = parseCommandLine([...args, `--${spec.name}`, ...value]);
      assertEquals(line.command.name, command.name);
    }
  }
});

/** A value of the right form, by the word that the help has for it. */
const VALID: Readonly<Record<string, string>> = {
  DIR: "/a",
  LEVEL: "info",
  FORMAT: "text",
};
