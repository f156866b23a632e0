/**
 * Plays a call that fails a number of times before it succeeds, and prints the cost. Its
 * clock only advances with the waits.
 *
 * @module
 */

import type { Clock } from "../../lib/clock.ts";
import type { TryResult } from "../../lib/http/failure.ts";
import { retry } from "../../lib/http/retry.ts";

/**
 * Plays it.
 *
 * @param count How often it fails.
 * @returns How long it took, in milliseconds.
 */
export async function playRetries(count: number): Promise<number> {
  let time = 0;
  const clock: Clock = {
    now: () => time,
    random: () => 0.5,
    sleep(ms) {
      time += ms;
      return Promise.resolve();
    },
  };
  const quiet = () => {};
  let tries = 0;
  const startedAt = performance.now();
  await retry<void>(
    () => {
      const result: TryResult<void> = tries++ < count
        ? { ok: false, failure: { kind: "network", message: "no" } }
        : { ok: true, value: undefined };
      return Promise.resolve(result);
    },
    {
      ...{ clock, deadline: Infinity, what: "play", key: "played" },
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    },
  );
  return performance.now() - startedAt;
}

/**
 * Counts the memory that is held, garbage aside. Needs `--v8-flags=--expose-gc`.
 *
 * @returns The bytes of the heap.
 */
export function heldBytes(): number {
  (globalThis as { gc?: () => void }).gc!();
  return Deno.memoryUsage().heapUsed;
}

if (import.meta.main) {
  const ms = await playRetries(Number(Deno.args[0]));
  console.log(JSON.stringify({ ms, heldBytes: heldBytes() }));
}
