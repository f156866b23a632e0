import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const OFFLINE = { offline: true } as const;

const XML =
  "\ufeff<GoalState><Incarnation> 7 </Incarnation><Container><ContainerId>c-1</ContainerId><RoleInstanceList><RoleInstance><InstanceId>i._1</InstanceId></RoleInstance></RoleInstanceList></Container></GoalState>\n";
const TEXT = "ContainerId: c-1\nInstanceId: i._1\nIncarnation: 7\n";
const JSON_LINE =
  '{"incarnation":"7","containerId":"c-1","instanceId":"i._1"}\n';

Deno.test("goal-state prints the ids of a file, of standard input, and as JSON", async () => {
  await using dir = await tempDir();
  const file = `${dir.path}/goal state.xml`;
  await Deno.writeTextFile(file, XML);
  const results = await Promise.all([
    runProgram(["goal-state", file], OFFLINE),
    runProgram(["goal-state", "-"], { ...OFFLINE, stdin: XML }),
    runProgram(["goal-state", "--json", file], OFFLINE),
    runProgram(["--json", "goal-state", "-"], { ...OFFLINE, stdin: XML }),
  ]);
  assertEquals(
    results,
    [TEXT, TEXT, JSON_LINE, JSON_LINE].map((stdout) => ({
      code: 0,
      stdout,
      stderr: "",
    })),
  );
});

Deno.test("goal-state prints the ids that the platform gives, and its messages apart", async () => {
  await using test = await testPlatform({
    incarnation: 7,
    containerId: "c-1",
    instanceId: "i._1",
  });
  const [text, json, raw] = await Promise.all([
    runProgram([...test.args, "goal-state"]),
    runProgram(["goal-state", ...test.args, "--json"]),
    runProgram(["goal-state", ...test.args, "--raw"]),
  ]);
  const stderr = "Retrieving goal state from the Wireserver\n";
  assertEquals(text, { code: 0, stdout: TEXT, stderr });
  assertEquals(json, { code: 0, stdout: JSON_LINE, stderr });
  assertEquals(raw.code, 0);
  assertStringIncludes(raw.stdout, "<Incarnation>7</Incarnation>");
  assertEquals(
    raw.stdout.startsWith("\ufeff"),
    true,
    "as it came, mark and all",
  );
  assertEquals(test.platform.events.map(({ status }) => status), [
    200,
    200,
    200,
  ]);
});

Deno.test("goal-state --raw prints what there is, even if it is no goal state", async () => {
  await using test = await testPlatform({}, ["html@goal-state"]);
  const [fetched, read] = await Promise.all([
    runProgram([...test.args, "goal-state", "--raw"]),
    runProgram(["goal-state", "--raw", "-"], { ...OFFLINE, stdin: "hello" }),
  ]);
  assertEquals(fetched.code, 0, fetched.stderr);
  assertStringIncludes(fetched.stdout, "<!DOCTYPE html>");
  assertEquals(read, { code: 0, stdout: "hello", stderr: "" });
});

Deno.test("goal-state ends with 65 for data that cannot be used, and names the file", async () => {
  await using dir = await tempDir();
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["empty", "", "is not the XML that is expected"],
    ["html", "<html></html>", 'a "html" document'],
    ["no-incarnation", XML.replace(/<Inc.*tion>/, ""), "has no Incarnation"],
    ["no-role", XML.replaceAll("RoleInstance>", "Role>"), "has no RoleInst"],
    ["latin1", Uint8Array.of(0x3c, 0xe9), "it is not UTF-8"],
    ["large", new Uint8Array(1024 * 1024 + 1).fill(0x20), "over 1048576"],
  ];
  for (const [name, content] of cases) {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(`${dir.path}/${name}`, bytes);
  }
  const results = await Promise.all(
    cases.map(([name]) =>
      runProgram(["goal-state", `${dir.path}/${name}`], OFFLINE)
    ),
  );
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    const [name, , message] = cases[index]!;
    assertEquals(code, 65, stderr);
    assertEquals(stdout, "");
    assert(
      stderr.startsWith(`Error: Cannot use "${dir.path}/${name}": `),
      stderr,
    );
    assertStringIncludes(stderr, message);
  }
});

Deno.test("goal-state ends with 74 for a file that cannot be read, and names it", async () => {
  await using dir = await tempDir();
  const files = [`${dir.path}/none`, dir.path];
  const results = await Promise.all(
    files.map((file) => runProgram(["goal-state", file], OFFLINE)),
  );
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    assertEquals(code, 74, stderr);
    assertEquals(stdout, "");
    assertStringIncludes(stderr, `Error: Cannot read "${files[index]}": `);
  }
});

Deno.test("goal-state ends with 77 where the program may not connect", async () => {
  const { code, stdout, stderr } = await runProgram(
    ["goal-state", "--wireserver", "127.0.0.1:1", "--timeout", "1"],
    OFFLINE,
  );
  assertEquals(code, 77);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, "The program may not connect to 127.0.0.1:1");
});
