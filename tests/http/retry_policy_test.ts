import { assert, assertEquals } from "@std/assert";
import type { CallFailure } from "../../lib/http/failure.ts";
import {
  type FailedTry,
  nextStep,
  tryTimeoutMs,
} from "../../lib/http/retry_policy.ts";

const NETWORK: CallFailure = { kind: "network", message: "refused" };

function status(code: number, retryAfterMs?: number): CallFailure {
  return {
    kind: "status",
    message: String(code),
    status: code,
    retryAfterMs,
  };
}

function delay(failed: Partial<FailedTry>): number | string {
  const step = nextStep({
    failure: NETWORK,
    tries: 1,
    refusals: 0,
    remainingMs: 1_200_000,
    random: 0.5,
    ...failed,
  });
  return step.kind === "retry" ? step.delayMs : step.why;
}

Deno.test("nextStep() doubles the wait from half a second up to 15 seconds", () => {
  const longest = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000];
  for (const [index, ms] of longest.entries()) {
    const tries = index + 1;
    assertEquals(delay({ tries, random: 0 }), ms / 2);
    assertEquals(delay({ tries, random: 0.5 }), ms * 0.75);
    assertEquals(delay({ tries, random: 0.999999999 }), ms);
  }
});

Deno.test("nextStep() waits no longer after any number of tries", () => {
  for (const tries of [17, 100, 5000, 1e9]) {
    assertEquals(delay({ tries, random: 0.999999999 }), 15_000);
  }
});

Deno.test("nextStep() tries often while there is no route, as that costs the platform nothing", () => {
  const failure: CallFailure = { ...NETWORK, unsent: true };
  for (const [unsent, ms] of [[1, 100], [300, 100], [301, 1000]] as const) {
    assertEquals(delay({ failure, tries: 0, unsent }), ms);
  }
  assertEquals(delay({ failure, tries: 0, unsent: 9, remainingMs: 220 }), 100);
  assertEquals(
    delay({ failure, tries: 0, unsent: 9, remainingMs: 90 }),
    "time is up",
  );
  // Afterwards the usual waits begin, from the first.
  assertEquals(delay({ tries: 1, unsent: 0, random: 0 }), 250);
});

Deno.test("nextStep() waits for a Retry-After in full, with up to four seconds on top or the usual wait, if that is longer", () => {
  const failure = status(429, 60_000);
  assertEquals(delay({ failure, random: 0 }), 60_000);
  assertEquals(delay({ failure, random: 0.5 }), 62_000);
  assertEquals(delay({ failure, tries: 4, random: 0.5 }), 62_000);
  assertEquals(delay({ failure, tries: 5, random: 0.5 }), 64_000);
  assertEquals(delay({ failure, tries: 8, random: 0.5 }), 65_000);
});

Deno.test("nextStep() puts no more on top of a Retry-After than a tenth of the time that is left, but the usual wait", () => {
  const failed = { failure: status(429, 1000), random: 0.999999999 };
  assertEquals(delay({ ...failed, remainingMs: 40_000 }), 5000);
  assertEquals(delay({ ...failed, remainingMs: 20_000 }), 3000);
  assertEquals(delay({ ...failed, remainingMs: 5000 }), 1500);
  assertEquals(delay({ ...failed, remainingMs: 20_000, tries: 4 }), 5000);
});

Deno.test("nextStep() does not hurry because the platform asks for a short wait, and waits ten seconds at most then", () => {
  assertEquals(delay({ failure: status(429, 0), random: 0 }), 250);
  assertEquals(delay({ failure: status(429, 0), tries: 8, random: 0 }), 5000);
  assertEquals(delay({ failure: status(429, 0), tries: 8 }), 7500);
  assertEquals(delay({ failure: status(429, 1000), tries: 8 }), 7500);
  assertEquals(
    delay({ failure: status(429, 0), tries: 1e9, random: 0.999999999 }),
    10_000,
  );
});

Deno.test("nextStep() never undercuts a Retry-After that leaves time for a last try", () => {
  for (let tries = 1; tries < 12; tries++) {
    for (const retryAfterMs of [0, 1, 999, 1000, 8000, 29_000]) {
      for (const random of [0, 0.123456, 0.999]) {
        const failure = status(503, retryAfterMs);
        const ms = delay({ failure, tries, random, remainingMs: 31_000 });
        assert(typeof ms === "number" && ms >= retryAfterMs && ms <= 29_000);
      }
    }
  }
});

Deno.test("nextStep() cuts a wait to leave two seconds before the deadline for a last try", () => {
  assertEquals(delay({ tries: 8, remainingMs: 9000 }), 7000);
  assertEquals(delay({ tries: 8, remainingMs: 8001 }), 6001);
  assertEquals(
    delay({ failure: status(503, 999_999_999_000), remainingMs: 9000 }),
    7000,
  );
});

Deno.test("nextStep() leaves a quarter of a shorter time for a last try", () => {
  assertEquals(delay({ tries: 8, remainingMs: 2000 }), 1500);
  assertEquals(delay({ tries: 8, remainingMs: 1000 }), 750);
  assertEquals(delay({ remainingMs: 1000, failure: status(503, 1000) }), 750);
});

Deno.test("nextStep() tries again within the last two seconds after the usual wait if that fits in", () => {
  assertEquals(delay({ remainingMs: 2000 }), 375);
  assertEquals(delay({ remainingMs: 1000 }), 375);
});

Deno.test("nextStep() cuts a wait to leave at least a tenth of a second for a try, and stops when there is no more", () => {
  assertEquals(delay({ remainingMs: 200 }), 100);
  assertEquals(delay({ remainingMs: 101 }), 1);
  for (const remainingMs of [100.9, 100, 1, 0, -5]) {
    assertEquals(delay({ remainingMs }), "time is up");
    assertEquals(delay({ remainingMs, failure: status(503) }), "time is up");
  }
});

for (
  const limitMs of [1, 50, 300, 1000, 3000, 10_000, 1_200_000, 604_800_000]
) {
  Deno.test(`nextStep() uses a time of ${limitMs} ms to its last tenth of a second if tries fail at once`, () => {
    for (const random of [0, 0.5, 0.999999999]) {
      let remainingMs = limitMs;
      let tries = 1;
      for (;; tries++) {
        const ms = delay({ tries, remainingMs, random });
        if (typeof ms !== "number") break;
        assert(ms >= 1, `${ms}`);
        remainingMs -= ms;
      }
      assert(remainingMs >= 0 && remainingMs < 101, `${remainingMs}`);
      assert(tries <= 15 + limitMs / 7500, `${tries}`);
    }
  });
}

Deno.test("nextStep() always gives whole milliseconds that pass no deadline", () => {
  for (let tries = 1; tries < 12; tries++) {
    for (const random of [0, 0.123456, 0.77, 0.999]) {
      const ms = delay({ tries, random, remainingMs: 9999.5 });
      assert(typeof ms === "number" && Number.isInteger(ms));
      assert(ms >= 0 && ms <= 9999.5 - 1999);
    }
  }
});

for (
  const code of [400, 401, 405, 406, 411, 413, 414, 415, 417, 431, 501, 505]
) {
  Deno.test(`nextStep() stops at the third status ${code}, as the request itself is wrong`, () => {
    for (const failure of [status(code), status(code, 1000)]) {
      assertEquals(delay({ failure, refusals: 3 }), "no later one can succeed");
      for (const refusals of [1, 2]) {
        assert(
          typeof delay({ failure, refusals, tries: 9 }) === "number",
          "it may be a slip",
        );
      }
    }
  });
}

for (
  const code of [
    301,
    302,
    304,
    307,
    403,
    404,
    408,
    409,
    410,
    425,
    429,
    500,
    502,
    503,
    504,
    999,
  ]
) {
  Deno.test(`nextStep() tries again after the status ${code}`, () => {
    assertEquals(delay({ failure: status(code) }), 375);
  });
}

Deno.test("nextStep() tries again after an answer that is no use, and after none", () => {
  assertEquals(delay({ failure: { kind: "protocol", message: "" } }), 375);
  assertEquals(delay({ failure: { kind: "data", message: "", key: "" } }), 375);
  assertEquals(delay({ failure: NETWORK }), 375);
});

Deno.test("nextStep() stops where nothing can be mended", () => {
  assertEquals(
    delay({ failure: { kind: "denied", message: "" } }),
    "no later one can succeed",
  );
  assertEquals(
    delay({ failure: { kind: "final", message: "" } }),
    "no later one can succeed",
  );
});

Deno.test("tryTimeoutMs() gives the first three tries 10 seconds, and later ones 30 if the platform was reached", () => {
  for (const wasReached of [true, false]) {
    assertEquals(
      [1, 2, 3, 4, 100].map((tries) =>
        tryTimeoutMs(tries, 1_200_000, wasReached)
      ),
      wasReached
        ? [10_000, 10_000, 10_000, 30_000, 30_000]
        : [10_000, 10_000, 10_000, 10_000, 10_000],
    );
  }
});

Deno.test("tryTimeoutMs() passes a deadline by a quarter of a second at most", () => {
  assertEquals(tryTimeoutMs(1, 1500, true), 1500);
  assertEquals(tryTimeoutMs(4, 1500.2, true), 1501);
  assertEquals(tryTimeoutMs(1, 249, true), 250);
  assertEquals(tryTimeoutMs(1, 0, true), 250);
  assertEquals(tryTimeoutMs(1, -100, true), 250);
});
