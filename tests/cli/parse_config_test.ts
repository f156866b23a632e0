import { assertEquals, assertThrows } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import type { Options } from "../../lib/cli/options.ts";
import { CONFIG_KEYS, parseConfig } from "../../lib/cli/parse_config.ts";
import { ExitCode } from "../../lib/exit_code.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";

const READ: Readonly<Record<string, [string, Partial<Options>]>> = {
  "nothing": ["", {}],
  "comments and blank lines": ["# with = x\n\n  # y\n \t \n", {}],
  "every key": [
    `with = hostname
timeout = 600
health-protocol = json
agent-name = my agent
log-level = debug
admin-groups = adm, wheel
admin-shell = /bin/bash
admin-sudo = true
require-hostname = true
`,
    {
      withParts: ["hostname"],
      timeoutMs: 600_000,
      healthProtocol: "json",
      agentName: "my agent",
      logLevel: "debug",
      adminGroups: ["adm", "wheel"],
      adminShell: "/bin/bash",
      adminSudo: true,
      requireHostName: true,
    },
  ],
  "what is left out": ["without = hostname", { withoutParts: ["hostname"] }],
  "line ends of any kind, and no blanks": [
    "timeout=5\r\nlog-level=warn\r",
    { timeoutMs: 5000, logLevel: "warn" },
  ],
  "values with = and # in them": ["agent-name = a=b #c", {
    agentName: "a=b #c",
  }],
  "flags that are off": ["admin-sudo = false\nrequire-hostname = false", {}],
};

for (const [what, [text, expected]] of Object.entries(READ)) {
  Deno.test(`parseConfig() reads ${what}`, () => {
    assertEquals(parseConfig(text, "/c"), expected);
  });
}

for (
  const [text, problem] of [
    ["timeout 5", 'line 1: "timeout 5" is not of the form "key = value"'],
    ["# x\n\nwit = dns", 'line 3: Unknown key "wit"; did you mean "with"?'],
    [
      "state-dir = /x",
      `line 1: Unknown key "state-dir"; the keys are ${CONFIG_KEYS.join(", ")}`,
    ],
    [
      "__proto__ = 1",
      `line 1: Unknown key "__proto__"; the keys are ${CONFIG_KEYS.join(", ")}`,
    ],
    [
      "timeout = 1\ntimeout = 1",
      'line 2: The key "timeout" is in line 1 already; leave one of them out',
    ],
    ["timeout =", 'line 1: The key "timeout" has no value'],
    [
      "timeout = soon",
      'line 1: The key "timeout" has a wrong value: "soon" is not a number of seconds above 0 and up to 604800',
    ],
    [
      "with = hostnam",
      'line 1: The key "with" has a wrong value: There is no part "hostnam"; did you mean "hostname"?',
    ],
    [
      "admin-sudo = yes",
      'line 1: The key "admin-sudo" has a wrong value: "yes" is neither true nor false',
    ],
    [
      "with = hostname\n\nwithout = hostname",
      'line 3: The part "hostname" is both required and left out',
    ],
    [
      "without = hostname\nrequire-hostname = true",
      'line 2: The part "hostname" is both required and left out',
    ],
  ] as const
) {
  Deno.test(`parseConfig() refuses ${JSON.stringify(text)}`, () => {
    const error = assertThrows(
      () => parseConfig(text, "/c"),
      ProvisioningError,
    );
    assertEquals(
      [error.message, error.key, error.exitCode],
      [
        `Cannot use the configuration file "/c": ${problem}`,
        "configuration_invalid",
        ExitCode.configuration,
      ],
    );
  });
}

Deno.test("CONFIG_KEYS are options of provision", () => {
  const own = COMMANDS.find(({ name }) => name === "provision")!.options;
  const common = ["timeout", "agent-name", "log-level"];
  for (const key of CONFIG_KEYS) {
    assertEquals(own.includes(key) || common.includes(key), true, key);
  }
});
