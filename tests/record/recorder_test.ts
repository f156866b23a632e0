import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MAX_CALLS } from "../../lib/record/record.ts";
import { Recorder } from "../../lib/record/recorder.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { testClock } from "../helpers/test_clock.ts";

Deno.test("Recorder keeps the first calls, and counts the others", async () => {
  await using dir = await tempDir();
  const clock = testClock();
  clock.time = 1000;
  const recorder = new Recorder({
    stateDir: dir.path,
    clock,
    log: recordingLog(),
  });
  const tried = { what: "ask", startMs: 1000.26, endMs: 1001, ok: false };
  for (let tries = 1; tries <= MAX_CALLS + 3; tries++) {
    recorder.onTry({ ...tried, tries });
  }
  clock.time = 1500;
  recorder.end("stopped");
  const { calls, moreCalls, durationMs } = JSON.parse(
    await Deno.readTextFile(`${dir.path}/status.json`),
  );
  assertEquals([calls.length, moreCalls, durationMs], [MAX_CALLS, 3, 500]);
  assertEquals(calls[0], {
    what: "ask",
    tries: 1,
    startMs: 0.3,
    endMs: 1,
    ok: false,
  });
});

Deno.test("Recorder writes nothing that a terminal obeys", async () => {
  await using dir = await tempDir();
  const recorder = new Recorder({
    stateDir: dir.path,
    clock: testClock(),
    log: recordingLog(),
  });
  const what = "a\u009b31m\u202e\u2028 ##[b]\ud800";
  recorder.skip("a", what);
  recorder.end("stopped");
  const text = await Deno.readTextFile(`${dir.path}/status.json`);
  assertMatch(text, /^[ -~]*\n$/);
  assertEquals(text.includes("##["), false);
  assertEquals(JSON.parse(text).phases[0].what, what);
});

Deno.test("Recorder gives what a phase's work throws, and keeps why", async () => {
  const clock = testClock();
  const recorder = new Recorder({
    stateDir: "/nowhere",
    clock,
    log: recordingLog(),
  });
  await assertRejects(
    () => recorder.phase("a", () => Promise.reject(new TypeError("oops"))),
    TypeError,
    "oops",
  );
  assertEquals(recorder.phases, [{
    name: "a",
    startMs: 0,
    endMs: 0,
    outcome: "failed",
    what: "internal_error",
  }]);
});

Deno.test("Recorder lists phases in the order in which they began, however they end", async () => {
  const recorder = new Recorder({
    stateDir: "/nowhere",
    clock: testClock(),
    log: recordingLog(),
  });
  const slow = Promise.withResolvers<void>();
  const names = () => recorder.phases.map(({ name }) => name);
  const first = recorder.phase("first", () => slow.promise);
  await recorder.phase("second", () => {});
  recorder.skip("third", "left out");
  assertEquals(names(), ["second", "third"]);
  slow.resolve();
  await first;
  assertEquals(names(), ["first", "second", "third"]);
});
