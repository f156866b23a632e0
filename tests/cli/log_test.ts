import { assert, assertEquals, assertMatch } from "@std/assert";
import { testPlatform } from "../helpers/platform.ts";
import { runProgram, startProgram } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { RUNTIME } from "../../tools/build/runtime.ts";

/** A run with a message of every level but debug. */
const RUN = ["health", "ready", "--timeout=5", "--health-protocol=xml"];
const FAULTS = ["500@goal-state=1", "400@health"];

function linesOf(stderr: string): string[] {
  return stderr.trimEnd().split("\n");
}

Deno.test("the program puts a priority in front of every line for the journal", async () => {
  await using test = await testPlatform({}, FAULTS);
  const { stderr } = await runProgram(
    [...RUN, ...test.args, "--log-level=debug"],
    { journal: true },
  );
  const lines = linesOf(stderr);
  for (const line of lines) assertMatch(line, /^<[3467]>/);
  const priorities = new Set(lines.map((line) => line.slice(0, 3)));
  assert(["<3>", "<4>", "<6>"].every((it) => priorities.has(it)), stderr);
});

Deno.test("the program puts a priority in front of a usage error too", async () => {
  const { code, stderr } = await runProgram(["--no-such-option"], {
    offline: true,
    journal: true,
  });
  assertEquals(code, 64);
  assertMatch(stderr, /^<3>Error: Unknown option "--no-such-option"/);
});

Deno.test("the program writes no priorities and no colours where there is no journal", async () => {
  await using test = await testPlatform({}, FAULTS);
  const { stderr } = await runProgram([...RUN, ...test.args]);
  for (const line of linesOf(stderr)) assertMatch(line, /^[A-Z]|^<Health>/);
  assert(!stderr.includes("\u001b"));
});

/** Deno has refused that since 2.9 to a program that may not do everything. */
const SEES_PROC = RUNTIME.codeCache;

Deno.test({
  name:
    "the program writes no priorities where the journal reads another stream",
  ignore: !SEES_PROC,
  fn: async () => {
    await using test = await testPlatform({}, FAULTS);
    const { stderr } = await runProgram([...RUN, ...test.args], {
      env: { JOURNAL_STREAM: "8:12345" },
    });
    for (const line of linesOf(stderr)) assertMatch(line, /^[A-Z]|^<Health>/);
  },
});

for (
  const args of [
    ["--log-format=json", "--no-such-option"],
    ["--no-such-option", "--log-format", "json"],
    ["provison", "--log-format=json"],
    ["health", "raedy", "--log-format", "json"],
  ]
) {
  Deno.test(`the program logs a usage error as JSON for ${args.join(" ")}`, async () => {
    const { code, stderr } = await runProgram(args, { offline: true });
    assertEquals(code, 64);
    const [line, ...more] = linesOf(stderr);
    assertEquals(more, []);
    const { level, message } = JSON.parse(line!);
    assertEquals(level, "error");
    assertMatch(message, /^Unknown .*\(see "azure-provisioning --help"\)$/);
  });
}

for (
  const args of [
    ["--log-format=xml"],
    ["--log-format"],
    ["--", "provison", "--log-format=json"],
  ]
) {
  Deno.test(`the program logs a usage error as text for ${args.join(" ")}`, async () => {
    const { code, stderr } = await runProgram(args, { offline: true });
    assertEquals(code, 64);
    assertMatch(stderr, /^Error: [^\n]+\n$/);
  });
}

Deno.test("the program logs JSON, one object a line", async () => {
  await using test = await testPlatform({}, FAULTS);
  const { stderr } = await runProgram([
    ...RUN,
    ...test.args,
    "--log-format=json",
  ]);
  const records = linesOf(stderr).map((line) => JSON.parse(line));
  for (const record of records) {
    assertEquals(Object.keys(record), ["time", "level", "message"]);
  }
  assertEquals(
    new Set(records.map(({ level }) => level)),
    new Set(["info", "warn", "error"]),
  );
});

Deno.test("the program logs what --log-level asks for and no more", async () => {
  await using test = await testPlatform();
  const { code, stderr } = await runProgram([
    "health",
    "ready",
    ...test.args,
    "--log-level=warn",
  ]);
  assertEquals(code, 0);
  assertEquals(stderr, "");
});

Deno.test("the program does its work although nobody reads its log", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  const process = startProgram([
    "provision",
    "--state-dir",
    dir.path,
    "--log-level=debug",
    ...test.args,
  ], { writable: dir.path });
  await Promise.all([
    process.stderr.cancel(),
    process.stdout.cancel(),
    process.stdin.close(),
  ]);
  assertEquals((await process.status).code, 0);
  assert(test.platform.verdict().ready);
});

Deno.test("the program ends with 74 if its data cannot be printed", async () => {
  const process = startProgram(["--help"], { offline: true });
  const [stderr] = await Promise.all([
    new Response(process.stderr).text(),
    process.stdout.cancel(),
    process.stdin.close(),
  ]);
  assertEquals((await process.status).code, 74);
  assertMatch(stderr, /^Error: Cannot write to standard output: [^\n]+\n$/);
});

Deno.test("a run from source claims nothing about a code cache", async () => {
  const { code, stderr } = await runProgram(
    ["hostname", "some-name", "--dry-run", "--log-level=debug"],
    { offline: true },
  );
  assertEquals(code, 0, stderr);
  assertEquals(/code cache/i.test(stderr), false, stderr);
});
