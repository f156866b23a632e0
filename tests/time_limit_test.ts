import { assertEquals } from "@std/assert";
import { timeLimit } from "../lib/time_limit.ts";

Deno.test("timeLimit() aborts its signal with a TimeoutError when the time is up", async () => {
  using limit = timeLimit(10);
  assertEquals(limit.signal.aborted, false);
  await new Promise((resolve) =>
    limit.signal.addEventListener("abort", resolve)
  );
  assertEquals(limit.signal.reason.name, "TimeoutError");
});

Deno.test("timeLimit() aborts its signal with the other one, for the same reason", () => {
  const other = new AbortController();
  using limit = timeLimit(60_000, other.signal);
  const reason = new Error("stopped");
  other.abort(reason);
  assertEquals(limit.signal.reason, reason);
});

Deno.test("timeLimit() is aborted from the start where the other signal is", () => {
  const reason = new Error("stopped");
  using limit = timeLimit(60_000, AbortSignal.abort(reason));
  assertEquals(limit.signal.reason, reason);
});

Deno.test("timeLimit() lets go of the other signal", () => {
  const other = new AbortController();
  const limit = timeLimit(60_000, other.signal);
  limit[Symbol.dispose]();
  other.abort();
  assertEquals(limit.signal.aborted, false);
});
