import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import {
  CONFIG_KEYS,
  parseConfig,
  withConfigFile,
} from "../../lib/cli/config_file.ts";
import type { Options } from "../../lib/cli/options.ts";
import { parseCommandLine } from "../../lib/cli/parse_command_line.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** What counts where the file says one thing and the command line another. */
async function together(
  content: string | Uint8Array,
  args: readonly string[],
): Promise<Readonly<Options>> {
  await using dir = await tempDir();
  const path = `${dir.path}/c`;
  await (typeof content === "string"
    ? Deno.writeTextFile(path, content)
    : Deno.writeFile(path, content));
  return withConfigFile(
    parseCommandLine([...args, "--config", path]),
  );
}

Deno.test("the configuration file's values count where the command line has none", async () => {
  const options = await together("timeout = 7\nlog-level = debug", [
    "--timeout=9",
  ]);
  assertEquals([options.timeoutMs, options.logLevel], [9000, "debug"]);
  assertEquals(options.agentName, "custom-provisioning");
});

Deno.test("the command line brings back what the configuration file leaves out, and the other way round", async () => {
  for (const args of [["--with=hostname"], ["--require-hostname"]]) {
    const { withParts, withoutParts } = await together(
      "without = hostname",
      args,
    );
    assertEquals([withParts, withoutParts], [["hostname"], []]);
  }
  for (const text of ["with = hostname", "require-hostname = true"]) {
    const { withParts, withoutParts, requireHostName } = await together(text, [
      "--without=hostname",
    ]);
    assertEquals([withParts, withoutParts], [[], ["hostname"]]);
    assertEquals(requireHostName, false);
  }
});

Deno.test("a configuration file that the command line names and that cannot be read is a usage error that names it", async () => {
  await using dir = await tempDir();
  await makePipe(`${dir.path}/pipe`);
  await Deno.symlink("pipe", `${dir.path}/link`);
  await Deno.symlink("nowhere", `${dir.path}/dangling`);
  await Deno.symlink("loop", `${dir.path}/loop`);
  await Deno.writeTextFile(`${dir.path}/large`, " ".repeat(65_537));
  for (
    const [name, problem] of [
      ["/none", "No such file or directory"],
      ["/none/conf", "No such file or directory"],
      ["/large/conf", "Not a directory"],
      ["/dangling", "No such file or directory"],
      ["/loop", "it is behind too many links"],
      ["", "it is not a file"],
      ["/pipe", "it is not a file"],
      ["/link", "it is not a file"],
      ["/large", "it is over 65536 bytes"],
    ] as const
  ) {
    const path = `${dir.path}${name}`;
    assertThrows(
      () => withConfigFile(parseCommandLine(["--config", path])),
      UsageError,
      `Cannot use the configuration file "${path}": ${problem}`,
    );
  }
});

Deno.test("a configuration file with wrong content is a configuration error", async () => {
  const error = await assertRejects(
    () => together(Uint8Array.of(0x23, 0xff), []),
    ProvisioningError,
    "it is not UTF-8",
  );
  assertEquals(error.exitCode, ExitCode.configuration);
});

Deno.test("a command without --config reads no configuration file", () => {
  const line = parseCommandLine(["goal-state"]);
  assertEquals(withConfigFile(line), line.options);
});

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
      adminSudo: "true",
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
  "flags that are off": ["admin-sudo = false\nrequire-hostname = false", {
    adminSudo: "false",
  }],
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
      'line 2: The key "timeout" is already in line 1; remove one of them',
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
      'line 1: The key "admin-sudo" has a wrong value: "yes" is not one of auto, true, false',
    ],
    [
      "require-hostname = auto",
      'line 1: The key "require-hostname" has a wrong value: "auto" is neither true nor false',
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
