import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../lib/clock.ts";

Deno.test("systemClock moves on while it sleeps", async () => {
  const before = systemClock.now();
  await systemClock.sleep(20);
  assert(systemClock.now() - before >= 19);
});

Deno.test("systemClock does not sleep when it was told to stop before", async () => {
  await assertRejects(
    () => systemClock.sleep(60_000, AbortSignal.abort(new Error("stopped"))),
    Error,
    "stopped",
  );
});

Deno.test("systemClock wakes up when it is told to stop", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error("stopped"));
  await assertRejects(() => sleeping, Error, "stopped");
});

Deno.test("systemClock gives random numbers from 0 to 1", () => {
  for (let index = 0; index < 100; index++) {
    const number = systemClock.random();
    assertEquals(number >= 0 && number < 1, true);
  }
});
