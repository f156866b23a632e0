import { assertEquals, assertMatch } from "@std/assert";
import { waitUntil } from "../helpers/wait_until.ts";
import { readDisk, writtenOn } from "./_disk.ts";
import { PLAIN_START } from "./_fault_case.ts";
import { type Machine, makeMachine, untilSeen } from "./_machine.ts";
import { faultTest } from "./_register.ts";
import type { Background } from "../helpers/background.ts";

const LEFT = /^Error: Another run is under way[^\n]*\n$/;

faultTest(
  "of two runs at once one works, and the other leaves at once",
  {},
  () => runAtOnce(2),
);
faultTest(
  "of ten runs at once one works, and the others leave at once",
  { slow: true },
  () => runAtOnce(10),
);

/** No platform is there until all but one have left, so that the one cannot be done before. */
async function runAtOnce(count: number): Promise<void> {
  await using machine = await makeMachine();
  await using started = new AsyncDisposableStack();
  const runs = Array.from(
    { length: count },
    () => started.use(machine.start(PLAIN_START)),
  );
  await waitUntil(
    "all runs but one have left",
    () => runs.filter((run) => run.ended).length === count - 1,
    30_000,
  );
  const worker = runs.find((run) => !run.ended)!;
  for (const run of runs.filter((run) => run !== worker)) {
    const { code, stderr } = await run.end;
    assertEquals(code, 75, stderr);
    assertMatch(stderr, LEFT);
  }
  await using platform = await machine.startPlatform();
  const { code, stderr } = await worker.end;
  assertEquals(code, 0, stderr);
  const view = await platform.stop();
  assertEquals(view.reports.length, 1, view.lines.join("\n"));
  assertEquals(view.ready.length, 1);
  assertEquals(writtenOn(await readDisk(machine)), [
    "hostname",
    "hosts",
    "mark",
  ]);
}

faultTest(
  "a run that is killed while it holds the lock does not keep the next one from its work",
  {},
  async () => {
    await using machine = await makeMachine();
    await using platform = await machine.startPlatform(["hang@goal-state=1"]);
    await using holder = await holderOf(machine, platform);
    const second = await machine.run(PLAIN_START);
    assertEquals(second.code, 75, second.stderr);
    assertMatch(second.stderr, LEFT);
    holder.kill("SIGKILL");
    await holder.end;
    const third = await machine.run(PLAIN_START);
    assertEquals(third.code, 0, third.stderr);
    assertEquals((await platform.stop()).reports.length, 1);
  },
);

/** A run that holds the lock, as it waits for the platform's answer. */
async function holderOf(
  machine: Machine,
  platform: Parameters<typeof untilSeen>[0],
): Promise<Background> {
  const holder = machine.start(PLAIN_START);
  try {
    await untilSeen(
      platform,
      "the metadata asked for",
      (lines) => lines.some((line) => line.includes("/metadata/")),
    );
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
  return holder;
}
