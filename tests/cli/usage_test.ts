import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commandHelp, programHelp } from "../../lib/cli/help.ts";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { VERSION } from "../../lib/version.ts";
import { runProgram } from "../helpers/program.ts";

const OFFLINE = { offline: true } as const;

Deno.test("the program prints its help on standard output alone", async () => {
  const results = await Promise.all(
    [["--help"], ["-h"], ["health", "--help"]].map((args) =>
      runProgram(args, OFFLINE)
    ),
  );
  const health = COMMANDS.find(({ name }) => name === "health")!;
  const expected = [programHelp(), programHelp(), await commandHelp(health)];
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    assertEquals(code, 0);
    assertEquals(stdout, expected[index]);
    assertEquals(stderr, "");
  }
});

Deno.test("the program prints its version on standard output alone", async () => {
  const { code, stdout, stderr } = await runProgram(["--version"], OFFLINE);
  assertEquals(code, 0);
  assertMatch(stdout, /^azure-provisioning \S+\ndeno \S+\n(@std\/.*\n){3}$/);
  assertStringIncludes(stdout, `azure-provisioning ${VERSION}\n`);
  assertEquals(stderr, "");
});

for (
  const [args, message] of [
    [["provison"], 'Unknown command "provison"; did you mean "provision"?'],
    [
      ["--wireservr=a"],
      'Unknown option "--wireservr"; did you mean "--wireserver"?',
    ],
    [["--timeout"], 'The option "--timeout" needs a value (SECONDS)'],
    [
      ["health", "raedy"],
      'Unknown health "raedy"; did you mean "ready"?',
    ],
    [["health"], 'The command "health" needs an argument: '],
    [
      ["health", "not-ready"],
      '"health not-ready" needs the option "--description TEXT"',
    ],
    [
      ["health", "ready", "--description", "why"],
      'The option "--description" only goes with "health not-ready"',
    ],
    [
      ["health", "ready", "--incarnation", "1", "--container-id", "c"],
      'The options "--incarnation", "--container-id" and "--instance-id" go together',
    ],
    [
      ["goal-state", "--json", "--raw"],
      'The options "--json" and "--raw" exclude each other',
    ],
    [
      ["hostname", "--dry-run", "my vm"],
      '"my vm" cannot be a host name: it contains U+0020',
    ],
    [
      ["hostname", "--dry-run", "vm_0."],
      '"vm_0." cannot be a host name as it is; did you mean "vm-0"?',
    ],
    [
      ["simulate", "--fault", "503=0"],
      'The option "--fault" has a wrong value: ',
    ],
    [["a\nb\u001b[31m"], 'Unknown command "a\\nb\\u001b[31m"'],
  ] as const
) {
  Deno.test(`the program ends with 64 and one line on standard error for ${JSON.stringify(args)}`, async () => {
    const { code, stdout, stderr } = await runProgram(args, OFFLINE);
    assertEquals(code, 64);
    assertEquals(stdout, "");
    assertEquals(stderr.startsWith(`Error: ${message}`), true, stderr);
    assertMatch(stderr, /^[^\n]+ \(see "azure-provisioning --help"\)\n$/);
  });
}
