import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isThere } from "../../../lib/files/is_there.ts";
import { testPlatform } from "../../helpers/platform.ts";
import { makePipe } from "../../helpers/make_pipe.ts";
import {
  DENO_FLAGS,
  type ProgramResult,
  ROOT,
  runProgram,
  startProgram,
} from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const OFFLINE = { offline: true } as const;

const SCRIPT = ["/usr/bin/script", "/bin/script"].find(isThere);
if (SCRIPT === undefined) {
  console.error("Tests with a terminal are skipped: script is not installed");
}

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
    ["empty", "", "cannot be parsed"],
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

Deno.test("goal-state ends with 74 at once for a folder and for a named pipe, and says how to read a pipe", async () => {
  await using dir = await tempDir();
  const pipe = `${dir.path}/pipe`;
  await makePipe(pipe);
  const before = performance.now();
  const files = [pipe, dir.path];
  const results = await Promise.all(
    files.map((file) => runProgram(["goal-state", file], OFFLINE)),
  );
  assert(performance.now() - before < 5000);
  assertEquals(
    results,
    files.map((file) => ({
      code: 74,
      stdout: "",
      stderr:
        `Error: Cannot read "${file}": It is not a file; use "-" to read a pipe from standard input\n`,
    })),
  );
});

Deno.test("goal-state ends with 77 where the program may not connect", async () => {
  const { code, stdout, stderr } = await runProgram(
    ["goal-state", "--wireserver", "127.0.0.1:1", "--timeout", "1"],
    OFFLINE,
  );
  assertEquals(code, 77);
  assertEquals(stdout, "");
  assertStringIncludes(
    stderr,
    "Error: Cannot get the goal state from 127.0.0.1:1: The program was compiled without the permission to connect there",
  );
});

/** How a program ends whose standard input stays open. */
async function endWithOpenInput(
  args: readonly string[],
  during: (program: Deno.ChildProcess) => Promise<void>,
): Promise<ProgramResult> {
  const program = startProgram(args, OFFLINE);
  const output = program.output();
  await during(program);
  const { code, stdout, stderr } = await output;
  await program.stdin.close().catch(() => {});
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** More than a pipe holds, so that it is through when the program has read some. */
const LONG_INPUT = new Uint8Array(200_000).fill(0x20);

async function writeInput(program: Deno.ChildProcess): Promise<void> {
  const writer = program.stdin.getWriter();
  await writer.write(LONG_INPUT);
  writer.releaseLock();
}

Deno.test("goal-state ends with 74 in its time where standard input stays open", async () => {
  const before = performance.now();
  const results = await Promise.all(
    [[], ["--raw"]].map((raw) =>
      endWithOpenInput(
        ["goal-state", ...raw, "--timeout=1", "-"],
        () => Promise.resolve(),
      )
    ),
  );
  assert(performance.now() - before < 5000);
  for (const result of results) {
    assertEquals(result, {
      code: 74,
      stdout: "",
      stderr: 'Error: Cannot read "-": it did not end in time\n',
    });
  }
});

Deno.test("goal-state ends with 143 at SIGTERM while it reads standard input that stays open", async () => {
  let before = 0;
  const { code, stdout, stderr } = await endWithOpenInput(
    ["goal-state", "-"],
    async (program) => {
      await writeInput(program);
      before = performance.now();
      program.kill("SIGTERM");
    },
  );
  assert(performance.now() - before < 2000);
  assertEquals(code, 143, stderr);
  assertEquals(stdout, "");
  assertEquals(
    stderr,
    'Error: Stopped by SIGTERM before "goal-state" was done\n',
  );
});

Deno.test({
  name:
    "goal-state --raw lets nothing act on a terminal, and changes nothing elsewhere",
  ignore: SCRIPT === undefined,
  fn: async () => {
    await using dir = await tempDir();
    const file = `${dir.path}/file`;
    const evil = "a\u009b31m\u001b]0;x\u0007\n::add-path::/x\n";
    await Deno.writeTextFile(file, evil);
    const piped = await runProgram(["goal-state", "--raw", file], OFFLINE);
    assertEquals(piped.stdout, evil);
    const command = [
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--cached-only",
      ...DENO_FLAGS,
      "--allow-read",
      "--allow-env=JOURNAL_STREAM",
      "main.ts",
      "goal-state",
      "--raw",
      file,
    ].map((word) => `'${word}'`).join(" ");
    const { stdout } = await new Deno.Command(SCRIPT!, {
      args: ["-qec", command, "/dev/null"],
      cwd: ROOT,
      stdin: "null",
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "a\\u009b31m\\u001b]0;x\\u0007\r\n\\u003a:add-path::/x\r\n",
    );
  },
});
