import { assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";

const IDS = [
  "--incarnation",
  "7",
  "--container-id",
  "c-1",
  "--instance-id",
  "i&1",
];

function report(health: string): string {
  return `<Health><GoalStateIncarnation>7</GoalStateIncarnation><Container><ContainerId>c-1</ContainerId><RoleInstanceList><Role><InstanceId>i&amp;1</InstanceId><Health>${health}</Health></Role></RoleInstanceList></Container></Health>\n`;
}

Deno.test("health --dry-run prints the report for given ids, without any network", async () => {
  const [ready, notReady] = await Promise.all([
    runProgram(["health", "ready", "--dry-run", ...IDS], { offline: true }),
    runProgram(
      [...IDS, "health", "--dry-run", "not-ready", "--description", "a<b"],
      { offline: true },
    ),
  ]);
  assertEquals(ready, {
    code: 0,
    stdout: report("<State>Ready</State>"),
    stderr: "",
  });
  assertEquals(notReady, {
    code: 0,
    stdout: report(
      "<State>NotReady</State><Details><SubStatus>ProvisioningFailed</SubStatus><Description>a&lt;b</Description></Details>",
    ),
    stderr: "",
  });
});

Deno.test("health --dry-run fetches the goal state where no ids are given, and sends nothing", async () => {
  await using test = await testPlatform({ incarnation: 99 });
  const { code, stdout } = await runProgram([
    ...test.args,
    "health",
    "ready",
    "--dry-run",
  ]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "<GoalStateIncarnation>99<");
  assertEquals(test.platform.events.map(({ method }) => method), ["GET"]);
});

Deno.test("health ready reports to the platform, and logs the article's lines", async () => {
  await using test = await testPlatform();
  const { code, stdout, stderr } = await runProgram([
    "health",
    "ready",
    ...test.args,
    "--agent-name",
    "my-agent/2",
  ]);
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "");
  const lines = stderr.trimEnd().split("\n");
  assertEquals([lines[0], lines[1], lines[3]], [
    "Retrieving goal state from the Wireserver",
    "Sending the following data to Wireserver:",
    "Response: 200 OK",
  ]);
  assertStringIncludes(lines[2]!, "<Health><GoalStateIncarnation>42<");
  assertEquals(test.platform.verdict().ready, true);
  assertEquals(
    test.platform.events[1]!.headers["x-ms-agent-name"],
    "my-agent/2",
  );
});

Deno.test("health not-ready gives the platform the reason", async () => {
  await using test = await testPlatform();
  const { code, stderr } = await runProgram([
    ...test.args,
    "health",
    "not-ready",
    "--description",
    "disk \u00e4 is <full>",
  ]);
  assertEquals(code, 0, stderr);
  assertEquals(test.platform.verdict().ready, false);
  assertEquals(test.platform.verdict().notReady, {
    subStatus: "ProvisioningFailed",
    description: "disk \u00e4 is <full>",
  });
});

Deno.test("health ends with 64, and asks nobody, for a blank description and an incarnation that is none", async () => {
  await using test = await testPlatform();
  const results = await Promise.all(
    [
      ["health", "not-ready", "--description", "  "],
      ["health", "ready", "--incarnation", "abc", ...IDS.slice(2)],
    ].map((args) => runProgram([...test.args, ...args])),
  );
  for (const { code, stdout, stderr } of results) {
    assertEquals(code, 64, stderr);
    assertEquals(stdout, "");
    assertStringIncludes(stderr, " has a wrong value: ");
  }
  assertEquals(test.platform.events, []);
});

Deno.test("health ready with given ids asks for no goal state, and takes none when they are out of date", async () => {
  await using test = await testPlatform({
    incarnation: 8,
    containerId: "c-1",
    instanceId: "i&1",
  });
  const [stale, current] = await Promise.all([
    runProgram([...test.args, "health", "ready", ...IDS]),
    runProgram([
      ...test.args,
      "health",
      "ready",
      "--incarnation=8",
      ...IDS.slice(2),
    ]),
  ]);
  assertEquals(current.code, 0, current.stderr);
  assertEquals(stale.code, 65, stale.stderr);
  assertStringIncludes(stale.stderr, "leave out the ids");
  assertEquals(test.platform.events.map(({ method }) => method), [
    "POST",
    "POST",
  ]);
});
