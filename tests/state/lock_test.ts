import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { takeTurn } from "../../lib/state/lock.ts";
import { namesIn } from "../helpers/names_in.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const WAITING = "info: Another run is under way, waiting for it to end";

/** A run that takes its turn, and gives it back when it is told to end. */
function startRun(stateDir: string) {
  const controller = new AbortController();
  const log = recordingLog();
  let hasTurn = false;
  const turn = takeTurn(stateDir, { log, signal: controller.signal })
    .then(() => {
      hasTurn = true;
    });
  return {
    log,
    turn,
    hasTurn: () => hasTurn,
    end: () => controller.abort(new Error("ended")),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("takeTurn() makes an empty lock in a folder that it makes, and says nothing", async () => {
  await using dir = await tempDir();
  const stateDir = `${dir.path}/a/state`;
  const run = startRun(stateDir);
  await run.turn;
  await pause(150);
  assertEquals(run.log.lines, []);
  assertEquals(await namesIn(stateDir), ["lock"]);
  assertEquals((await Deno.stat(`${stateDir}/lock`)).size, 0);
  assertEquals((await Deno.stat(stateDir)).mode! & 0o777, 0o755);
  run.end();
  assertEquals(await namesIn(stateDir), ["lock"]);
});

Deno.test("takeTurn() waits, and says so once, until the run before has ended", async () => {
  await using dir = await tempDir();
  const first = startRun(dir.path);
  await first.turn;
  const second = startRun(dir.path);
  await pause(300);
  assert(!second.hasTurn());
  assertEquals(second.log.lines, [WAITING]);
  first.end();
  await second.turn;
  assertEquals(second.log.lines, [WAITING]);
  assertEquals(first.log.lines, []);
  second.end();
});

Deno.test("takeTurn() gives one run after another its turn", async () => {
  await using dir = await tempDir();
  const waiting = new Set([1, 2, 3].map(() => startRun(dir.path)));
  while (waiting.size > 0) {
    const run = await Promise.race(
      [...waiting].map((it) => it.turn.then(() => it)),
    );
    await pause(50);
    assertEquals([...waiting].filter((it) => it.hasTurn()), [run]);
    waiting.delete(run);
    run.end();
  }
});

Deno.test("takeTurn() ends its wait with the signal's reason, and takes nobody's turn after it", async () => {
  await using dir = await tempDir();
  const first = startRun(dir.path);
  await first.turn;
  const second = startRun(dir.path);
  await pause(20);
  second.end();
  await assertRejects(() => second.turn, Error, "ended");
  await pause(150);
  assertEquals(second.log.lines, []);
  const third = startRun(dir.path);
  await pause(150);
  assert(!third.hasTurn(), "the first one still has it");
  first.end();
  await third.turn;
  third.end();
});

Deno.test("takeTurn() takes no turn if it was told to stop before", async () => {
  await using dir = await tempDir();
  await assertRejects(
    () =>
      takeTurn(dir.path, {
        log: recordingLog(),
        signal: AbortSignal.abort(new Error("stopped")),
      }),
    Error,
    "stopped",
  );
  assertEquals(await namesIn(dir.path), []);
});

Deno.test("takeTurn() goes on without a lock where there can be none", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await Deno.mkdir(`${dir.path}/state/lock`, { recursive: true });
  for (const stateDir of [`${dir.path}/file`, `${dir.path}/state`]) {
    const run = startRun(stateDir);
    await run.turn;
    assertEquals(run.log.lines.length, 1);
    assertMatch(
      run.log.lines[0]!,
      /^debug: Cannot open a lock in ".*\/(file|state)": \S/,
    );
    run.end();
  }
});
