import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { acquireLock } from "../../../lib/state/lock.ts";
import { makePipe } from "../../helpers/make_pipe.ts";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";
import { recordingLog } from "../../helpers/recording_log.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { GOOD } from "../../status/_records.ts";

function showStatus(stateDir: string, ...args: string[]) {
  return runProgram(["status", "--state-dir", stateDir, ...args], {
    offline: true,
  });
}

Deno.test("status says how a first boot went, without network", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({
    vmId: "1D000000-0000-4000-8000-000000000001",
  });
  const boot = await runProgram(
    [...test.args, "--state-dir", dir.path, "--without", "hostname"],
    { writable: dir.path },
  );
  assertEquals(boot.code, 0, boot.stderr);
  const page = await showStatus(dir.path);
  assertEquals([page.code, page.stderr], [0, ""]);
  assert(page.stdout.startsWith("This VM is provisioned"), page.stdout);
  assertStringIncludes(
    page.stdout,
    "\nVM        1D000000-0000-4000-8000-000000000001\n",
  );
  assertStringIncludes(page.stdout, "skipped: left out\n");
  assert(page.stdout.split("\n").every((line) => line.length <= 80));
  const json = JSON.parse((await showStatus(dir.path, "--json")).stdout);
  assertEquals([json.outcome, json.health], ["provisioned", "Ready"]);
});

Deno.test("status says what became of a VM's custom data and user data", async () => {
  await using dir = await tempDir();
  const vmId = "1d000000-0000-4000-8000-000000000001";
  const leave = (name: string, value: unknown) =>
    Deno.writeTextFile(`${dir.path}/${name}`, JSON.stringify(value));
  await leave("status.json", { ...GOOD, vmId });
  await leave("customdata.result", { vmId, outcome: "ended", exitStatus: 3 });
  await leave("userdata.result", { vmId, outcome: "not a script" });
  const { stdout } = await showStatus(dir.path);
  assertStringIncludes(
    stdout,
    "\nCustom data a script that ended with exit status 3\nUser data not a script: it does not start with #!\n",
  );
  const json = JSON.parse((await showStatus(dir.path, "--json")).stdout);
  assertEquals(json.customData.exitStatus, 3);
  assertEquals(json.userData.outcome, "not a script");
});

Deno.test("status tells a run that is under way from one that was interrupted", async () => {
  await using dir = await tempDir();
  const running = JSON.stringify({ ...GOOD, outcome: "running" });
  await Deno.writeTextFile(`${dir.path}/status.json`, running);
  const outcome = async () =>
    JSON.parse((await showStatus(dir.path, "--json")).stdout).outcome;
  assertEquals(await outcome(), "running or interrupted");
  const controller = new AbortController();
  const { signal } = controller;
  acquireLock(dir.path, { log: recordingLog(), signal });
  assertEquals(await outcome(), "running");
  controller.abort();
  assertEquals(await outcome(), "interrupted");
});

Deno.test("status shows nothing of a record that a terminal or a CI system would obey", async () => {
  await using dir = await tempDir();
  const evil = `::a:: \u001b[31m\u009b31m\u202e\u2028\n##[add-path]/x ${
    "x".repeat(60)
  } ::add-path::/x`;
  const record = {
    ...GOOD,
    vmId: evil,
    version: evil,
    error: { key: evil, message: evil },
    phases: [{
      name: "::b::",
      startMs: 0,
      endMs: 1,
      outcome: "done",
      what: evil,
    }],
    calls: [{ ...GOOD.calls[0], what: evil, why: evil }],
  };
  await Deno.writeTextFile(`${dir.path}/status.json`, JSON.stringify(record));
  for (const args of [[], ["--json"]]) {
    const { stdout } = await showStatus(dir.path, ...args);
    for (const line of stdout.trimEnd().split("\n")) {
      assertMatch(line, /^[ -~]*$/);
      assertNotMatch(line, /^ *::|##\[/);
      assert(args.length > 0 || line.length <= 80, line);
    }
    if (args.length > 0) assertEquals(JSON.parse(stdout).vmId, evil);
  }
});

Deno.test("status waits for no pipe in the place of the lock", async () => {
  await using dir = await tempDir();
  const running = JSON.stringify({ ...GOOD, outcome: "running" });
  await Deno.writeTextFile(`${dir.path}/status.json`, running);
  await makePipe(`${dir.path}/lock`);
  const { stdout } = await showStatus(dir.path, "--json");
  assertEquals(JSON.parse(stdout).outcome, "running or interrupted");
});

for (
  const [what, code, content, message] of [
    ["no record", 74, undefined, "There is no record "],
    [
      "another's file",
      65,
      "{}",
      "is not a record of this version of the program",
    ],
    [
      "half a record",
      65,
      JSON.stringify(GOOD).slice(0, 99),
      "is not a record of",
    ],
  ] as const
) {
  Deno.test(`status says that there is ${what}`, async () => {
    await using dir = await tempDir();
    if (content !== undefined) {
      await Deno.writeTextFile(`${dir.path}/status.json`, content);
    }
    const result = await showStatus(dir.path);
    assertEquals([result.code, result.stdout], [code, ""]);
    assertStringIncludes(result.stderr, message);
  });
}

Deno.test("status says that a record cannot be read", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/status.json`);
  const { code, stderr } = await showStatus(dir.path);
  assertEquals(code, 74);
  assertStringIncludes(stderr, "it is not a file");
});
