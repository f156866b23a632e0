import { assert, assertEquals, assertMatch } from "@std/assert";
import { NO_PLATFORM } from "../helpers/closed_platform.ts";
import { testPlatform } from "../helpers/platform.ts";
import { runProgram } from "../helpers/program.ts";
import { namesIn } from "../helpers/names_in.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const COMMANDS: readonly (readonly string[])[] = [
  ["provision"],
  ["goal-state"],
  ["goal-state", "--raw"],
  ["health", "ready"],
  ["hostname"],
];

Deno.test("every command ends with 69 within its time-out where nothing answers", async () => {
  await using dir = await tempDir();
  const before = performance.now();
  const results = await Promise.all(COMMANDS.map((command) =>
    runProgram(
      [...command, ...NO_PLATFORM, "--timeout=1", `--state-dir=${dir.path}`],
      { writable: dir.path },
    )
  ));
  assert(performance.now() - before < 10_000);
  for (const { code, stdout, stderr } of results) {
    assertEquals(code, 69, stderr);
    assertEquals(stdout, "");
    assertMatch(
      stderr,
      /^Error: Cannot get the [a-z ]+ from 127\.0\.0\.1:\d+: Connection refused \(.*; check that the network is up/m,
    );
  }
  assertEquals(await namesIn(dir.path), ["lock", "status.json"]);
});

/** Enough for a few tries. */
const FEW_TRIES = ["--timeout=1.5"];

/** Without it, JSON would save the day. */
const XML = "--health-protocol=xml";

for (
  const [what, fault, command, code] of [
    ["69", "hang@goal-state", ["goal-state"], 69],
    ["69 at once", "400@goal-state", ["goal-state"], 69],
    ["65", "html@goal-state", ["goal-state"], 65],
    ["65", "no-role-instance", ["provision"], 65],
    ["65", "empty-body@metadata", ["hostname"], 65],
    ["75", "503@goal-state", ["goal-state"], 75],
    ["75", "503@health", ["health", "ready", XML], 75],
    ["75", "moving-incarnation", ["provision", XML], 75],
    ["75", "410@metadata", ["hostname"], 75],
    ["75", "302@health", ["provision", XML], 75],
  ] as const
) {
  Deno.test(`${command.join(" ")} ends with ${what} where the fault ${fault} stays`, async () => {
    await using dir = await tempDir();
    await using test = await testPlatform({}, [fault]);
    const result = await runProgram(
      [...command, ...test.args, ...FEW_TRIES, `--state-dir=${dir.path}`],
      { writable: dir.path },
    );
    assertEquals(result.code, code, result.stderr);
    assertEquals(result.stdout, "");
    assertMatch(result.stderr.trimEnd().split("\n").at(-1)!, /^Error: Cannot /);
    assert(!test.platform.verdict().ready);
    // The mark of a VM that is done is written after a success and at no other time.
    assertEquals(
      await namesIn(dir.path),
      command[0] === "provision" ? ["lock", "status.json"] : [],
    );
  });
}
