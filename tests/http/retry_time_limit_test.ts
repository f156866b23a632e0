import { assertEquals } from "@std/assert";
import type { TryResult } from "../../lib/http/failure.ts";
import { retry } from "../../lib/http/retry.ts";
import { testContext } from "../helpers/test_context.ts";
import { CALL, failed, REFUSED } from "./_attempts.ts";

Deno.test("retry() gives a slow platform more time, but not a connection that nobody accepts", async () => {
  const connected = failed({
    kind: "network",
    message: "No whole answer in time",
    from: "10.0.0.4",
  });
  assertEquals(await limitsOf(connected), [10, 10, 10, 30, 30]);
  assertEquals(await limitsOf(REFUSED), [10, 10, 10, 10, 10]);
});

/**
 * After how many seconds each of five tries is aborted, where time only passes when an
 * alarm is set: it then jumps there.
 */
async function limitsOf(failure: TryResult<string>): Promise<number[]> {
  const { now } = performance;
  const { timeout } = AbortSignal;
  let time = now.call(performance);
  performance.now = () => time;
  AbortSignal.timeout = (ms) => {
    const alarm = new AbortController();
    queueMicrotask(() => {
      time += ms;
      alarm.abort();
    });
    return alarm.signal;
  };
  const limits: number[] = [];
  try {
    await retry((signal) => {
      const start = time;
      return new Promise<TryResult<string>>((resolve) => {
        signal.addEventListener("abort", () => {
          limits.push(Math.round((time - start) / 1000));
          resolve(limits.length < 5 ? failure : { ok: true, value: "" });
        });
      });
    }, { ...testContext(1_200_000), ...CALL });
  } finally {
    performance.now = now;
    AbortSignal.timeout = timeout;
  }
  return limits;
}
