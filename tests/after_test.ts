import { assert, assertEquals, assertLess } from "@std/assert";
import { after } from "../lib/after.ts";
import { run } from "./helpers/command.ts";
import { ROOT } from "./helpers/program.ts";

Deno.test("after() acts when its time is up, not before", async () => {
  const startedAt = performance.now();
  await new Promise<void>((resolve) => after(30, resolve));
  assert(performance.now() - startedAt >= 30);
});

Deno.test("after() acts in the order of the times, not of the calls", async () => {
  const order: string[] = [];
  await Promise.all(
    ([["late", 60], ["early", 5], ["middle", 30]] as const).map(([name, ms]) =>
      new Promise<void>((resolve) =>
        after(ms, () => {
          order.push(name);
          resolve();
        })
      )
    ),
  );
  assertEquals(order, ["early", "middle", "late"]);
});

Deno.test("after() does not act once it is cancelled, even where another plan is due", async () => {
  let acted = 0;
  const cancel = after(10, () => acted++);
  const other = new Promise<void>((resolve) => after(30, resolve));
  cancel();
  cancel();
  await other;
  assertEquals(acted, 0);
});

Deno.test("after() acts in time although an earlier alarm was cancelled", async () => {
  after(5, () => {})();
  const startedAt = performance.now();
  await new Promise<void>((resolve) => after(50, resolve));
  assert(performance.now() - startedAt >= 50);
});

Deno.test("after() sets one alarm for thousands of plans that are cancelled", () => {
  let alarms = 0;
  const original = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => {
    alarms++;
    return original.call(AbortSignal, ms);
  };
  try {
    for (let count = 0; count < 5_000; count++) after(60_000, () => {})();
  } finally {
    AbortSignal.timeout = original;
  }
  assertLess(alarms, 2);
});

/** Runs a module that has `after()`. Returns how it ended. */
async function runModule(code: string) {
  const startedAt = performance.now();
  const { stdout } = await run(Deno.execPath(), [
    "eval",
    "--no-lock",
    `import { after } from "file://${ROOT}lib/after.ts"; ${code}`,
  ]);
  return { stdout, ms: performance.now() - startedAt };
}

Deno.test("a plan keeps the process alive, one that was cancelled does not", async () => {
  const { stdout, ms } = await runModule(
    "const cancel = after(3e5, () => {}); after(200, () => { console.log('acted'); cancel(); });",
  );
  assertEquals(stdout, "acted\n");
  assertLess(ms, 60_000);
});
