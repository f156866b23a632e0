import { assertEquals } from "@std/assert";
import {
  fullBucket,
  refill,
  takeToken,
} from "../../lib/simulator/token_bucket.ts";

Deno.test("fullBucket() holds what comes in a second", () => {
  assertEquals(fullBucket(5, 1000), { tokens: 5, atMs: 1000 });
});

Deno.test("takeToken() takes one, and only a whole one", () => {
  assertEquals(takeToken({ tokens: 1.5, atMs: 7 }), { tokens: 0.5, atMs: 7 });
  assertEquals(takeToken({ tokens: 1, atMs: 7 }), { tokens: 0, atMs: 7 });
  assertEquals(takeToken({ tokens: 0.99, atMs: 7 }), undefined);
});

Deno.test("refill() adds what came with the time, and no more than fits", () => {
  const empty = { tokens: 0, atMs: 1000 };
  assertEquals(refill(empty, 4, 1000), { tokens: 0, atMs: 1000 });
  assertEquals(refill(empty, 4, 1250), { tokens: 1, atMs: 1250 });
  assertEquals(refill(empty, 4, 2000), { tokens: 4, atMs: 2000 });
  assertEquals(refill(empty, 4, 9000), { tokens: 4, atMs: 9000 });
});

Deno.test("refill() takes nothing away when the time goes back", () => {
  assertEquals(refill({ tokens: 2, atMs: 1000 }, 4, 500), {
    tokens: 2,
    atMs: 1000,
  });
});
