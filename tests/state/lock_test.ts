import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import { acquireLock, lockState } from "../../lib/state/lock.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { namesIn } from "../helpers/names_in.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** A run that holds the lock until it is told to end. */
function startRun(stateDir: string) {
  const controller = new AbortController();
  const log = recordingLog();
  acquireLock(stateDir, { log, signal: controller.signal });
  return {
    log,
    end: () => controller.abort(new Error("ended")),
  };
}

Deno.test("acquireLock() creates an empty lock and its folder, and logs nothing", async () => {
  await using dir = await tempDir();
  const stateDir = `${dir.path}/a/state`;
  const run = startRun(stateDir);
  assertEquals(run.log.lines, []);
  assertEquals(await namesIn(stateDir), ["lock"]);
  const { mode, size } = await Deno.stat(`${stateDir}/lock`);
  assertEquals(size, 0);
  assertEquals(mode! & 0o777, 0o600, "nobody else can hold it");
  assertEquals((await Deno.stat(stateDir)).mode! & 0o777, 0o755);
  run.end();
  assertEquals(await namesIn(stateDir), ["lock"]);
});

Deno.test("acquireLock() throws at once if another run holds the lock", async () => {
  await using dir = await tempDir();
  const first = startRun(dir.path);
  for (let again = 0; again < 2; again++) {
    const error = assertThrows(
      () => startRun(dir.path),
      ProvisioningError,
      `Another run is under way and holds the lock "${dir.path}/lock"`,
    );
    assertEquals(error.key, "another_run");
    assertEquals(error.exitCode, ExitCode.gaveUp);
  }
  first.end();
  const next = startRun(dir.path);
  next.end();
});

Deno.test("acquireLock() gives the lock to one of many runs", async () => {
  await using dir = await tempDir();
  const first = startRun(dir.path);
  for (let others = 0; others < 20; others++) {
    assertThrows(() => startRun(dir.path), ProvisioningError);
  }
  first.end();
});

Deno.test("acquireLock() does nothing if the signal is aborted already", async () => {
  await using dir = await tempDir();
  assertThrows(
    () =>
      acquireLock(dir.path, {
        log: recordingLog(),
        signal: AbortSignal.abort(new Error("stopped")),
      }),
    Error,
    "stopped",
  );
  assertEquals(await namesIn(dir.path), []);
});

Deno.test("acquireLock() warns and continues without a lock if there can be none", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await Deno.mkdir(`${dir.path}/state/lock`, { recursive: true });
  for (const stateDir of [`${dir.path}/file`, `${dir.path}/state`]) {
    const run = startRun(stateDir);
    assertEquals(run.log.lines.length, 1);
    assertMatch(
      run.log.lines[0]!,
      /^warn: Cannot open the lock ".*\/(file|state)\/lock": \S.*; provisioning without it, and likely without a mark, so that the next boot would provision again$/,
    );
    run.end();
  }
  assert((await Deno.stat(`${dir.path}/file`)).isFile);
});

Deno.test("acquireLock() does not wait for the reader of a pipe in the place of the lock", async () => {
  await using dir = await tempDir();
  await makePipe(`${dir.path}/lock`);
  const first = startRun(dir.path);
  assertThrows(() => startRun(dir.path), ProvisioningError);
  first.end();
});

for (const isHeld of [false, true]) {
  Deno.test(`acquireLock() takes over a lock from an image that other users can open, ${isHeld ? "held" : "free"}`, async () => {
    await using dir = await tempDir();
    const path = `${dir.path}/lock`;
    await Deno.writeTextFile(path, "");
    await Deno.chmod(path, 0o644);
    // Whoever can read a file can lock it.
    using others = await Deno.open(path);
    if (isHeld) await others.lock(true);
    const run = startRun(dir.path);
    assertEquals(run.log.lines, []);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertThrows(() => startRun(dir.path), ProvisioningError);
    run.end();
    startRun(dir.path).end();
  });
}

Deno.test("lockState() tells whether a run holds the lock, and takes no lock itself", async () => {
  await using dir = await tempDir();
  assertEquals(lockState(dir.path), "unknown");
  const run = startRun(dir.path);
  assertEquals(lockState(dir.path), "held");
  run.end();
  assertEquals(lockState(dir.path), "free");
  startRun(dir.path).end();
});

Deno.test("lockState() does not wait for the writer of a pipe in the place of the lock", async () => {
  await using dir = await tempDir();
  await makePipe(`${dir.path}/lock`);
  assertEquals(lockState(dir.path), "unknown");
});
