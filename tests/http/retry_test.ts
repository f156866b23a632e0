import { assert, assertEquals, assertRejects } from "@std/assert";
import { CallError, retry } from "../../lib/http/retry.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import { testContext } from "../helpers/test_context.ts";
import { attempts, CALL, failed, REFUSED } from "./_attempts.ts";

Deno.test("retry() gives what the first try gives, and says nothing", async () => {
  const context = testContext();
  const value = await retry(attempts({ ok: true, value: "it" }), {
    ...context,
    ...CALL,
  });
  assertEquals(value, "it");
  assertEquals(context.log.lines, []);
  assertEquals(context.clock.waits, []);
});

Deno.test("retry() logs which try failed, why, and when the next is", async () => {
  const context = testContext();
  const value = await retry(
    attempts(
      REFUSED,
      failed({
        kind: "status",
        status: 503,
        message: "busy",
        retryAfterMs: 9000,
      }),
      { ok: true, value: "it" },
    ),
    { ...context, ...CALL },
  );
  assertEquals(value, "it");
  assertEquals(context.log.lines, [
    "warn: Try 1 to get it failed: refused; next try in 0.4 s",
    "warn: Try 2 to get it failed: busy; next try in 11.0 s",
  ]);
  assertEquals(context.clock.waits, [375, 11_000]);
});

Deno.test("retry() makes a last try before its deadline, and then gives up", async () => {
  const context = testContext(5000);
  const error = await assertRejects(
    () => retry(attempts(REFUSED), { ...context, ...CALL }),
    CallError,
  );
  assertEquals(context.clock.waits, [375, 750, 1500, 1781, 445, 49]);
  assertEquals(
    error.message,
    "Cannot get it: refused (7 tries in 4.9 s, time is up); check that the network is up, that the VM runs on Azure, and that no firewall or route hides the platform",
  );
  assertEquals(error.key, "it_unavailable");
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(error.failure, { kind: "network", message: "refused" });
});

Deno.test("retry() tells what answered before all fell silent, and counts it", async () => {
  const context = testContext(5000);
  const busy = { kind: "status", status: 503, message: "busy" } as const;
  const error = await assertRejects(
    () => retry(attempts(failed(busy), REFUSED), { ...context, ...CALL }),
    CallError,
  );
  assertEquals(
    error.message,
    "Cannot get it: refused (7 tries in 4.9 s, time is up; before: busy); check what the platform says, and the health of Azure",
  );
  assertEquals(error.exitCode, ExitCode.gaveUp);
  assertEquals(error.failure, busy);
});

Deno.test("retry() does not blame a last try that ran out of its short time", async () => {
  const context = testContext(5000);
  const busy = failed({ kind: "status", status: 503, message: "busy" });
  const late = failed({ kind: "network", message: "no answer in time" });
  const error = await assertRejects(
    () =>
      retry(async () => {
        if (context.clock.now() < 3000) return busy;
        await context.clock.sleep(5000 - context.clock.now());
        return late;
      }, { ...context, ...CALL }),
    CallError,
  );
  assertEquals(
    error.message,
    "Cannot get it: busy (5 tries in 5.0 s, time is up); check what the platform says, and the health of Azure",
  );
});

Deno.test("retry() takes no cut answer at the end for more telling than the whole one before", async () => {
  const busy = { kind: "status", status: 503, message: "busy" } as const;
  const cut = { kind: "network", message: "cut", heard: true } as const;
  for (
    const [failures, failure, exitCode] of [
      [[busy, cut], busy, ExitCode.gaveUp],
      [[busy, { kind: "network", message: "" }], busy, ExitCode.gaveUp],
      [[cut, busy], busy, ExitCode.gaveUp],
      [[cut, { kind: "network", message: "" }], cut, ExitCode.unreachable],
    ] as const
  ) {
    const error = await assertRejects(
      () =>
        retry(attempts(...failures.map(failed)), {
          ...testContext(20 * 60_000),
          ...CALL,
        }),
      CallError,
    );
    assertEquals(error.failure, failure);
    assertEquals(error.exitCode, exitCode);
  }
});

Deno.test("retry() leaves the end of its time to another way where it is refused, and not where nothing answers", async () => {
  const busy = { kind: "status", status: 503, message: "busy" } as const;
  for (
    const [results, endsAt] of [
      [[failed(busy)], 50_000],
      [[failed(busy), REFUSED], 50_000],
      [[REFUSED], 60_000],
      [[failed({ kind: "data", message: "", key: "" })], 60_000],
    ] as const
  ) {
    const context = testContext(60_000);
    await assertRejects(
      () =>
        retry(attempts(...results), {
          ...context,
          ...CALL,
          refusedReserveMs: 10_000,
        }),
      CallError,
    );
    const { time } = context.clock;
    assert(time <= endsAt && time > endsAt - 3000, `${time}`);
  }
});

Deno.test("retry() makes one try even if its deadline is past", async () => {
  const context = testContext(-1000);
  assertEquals(
    await retry(attempts({ ok: true, value: "it" }), { ...context, ...CALL }),
    "it",
  );
});

Deno.test("retry() gives up after three tries on what no later one can mend", async () => {
  const context = testContext();
  const error = await assertRejects(
    () =>
      retry(
        attempts(failed({ kind: "status", status: 400, message: "bad" })),
        { ...context, ...CALL },
      ),
    CallError,
    "Cannot get it: bad (3 tries in 1.1 s, no later one can succeed); check what the platform says, and the health of Azure",
  );
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(context.clock.waits, [375, 750]);
  assertEquals(context.log.lines.length, 2);
});

Deno.test("retry() takes one refusal among other failures for a slip", async () => {
  const context = testContext();
  const refused = failed({ kind: "status", status: 400, message: "bad" });
  const value = await retry(
    attempts(REFUSED, REFUSED, refused, refused, { ok: true, value: "it" }),
    { ...context, ...CALL },
  );
  assertEquals(value, "it");
});

Deno.test("retry() ends with the reason of the last try, and with the name that the data gave it", async () => {
  const error = await assertRejects(
    () =>
      retry(
        attempts(
          REFUSED,
          failed({ kind: "data", message: "no JSON", key: "it_invalid" }),
        ),
        { ...testContext(200), ...CALL },
      ),
    CallError,
    "no JSON (2 tries in ",
  );
  assertEquals(error.key, "it_invalid");
  assertEquals(error.exitCode, ExitCode.badData);
});

Deno.test("retry() says for each kind of failure what to do about it", async () => {
  const remedies = new Set<string>();
  for (
    const failure of [
      { kind: "network", message: "" },
      { kind: "local", message: "" },
      { kind: "protocol", message: "" },
      { kind: "status", status: 503, message: "" },
      { kind: "denied", message: "" },
    ] as const
  ) {
    const error = await assertRejects(
      () => retry(attempts(failed(failure)), { ...testContext(1000), ...CALL }),
      CallError,
    );
    remedies.add(error.message.split("; ").at(-1)!);
  }
  assertEquals(remedies.size, 5);
});

Deno.test("retry() gives each try a time-out of its own, which ends at the deadline", async () => {
  const signals: AbortSignal[] = [];
  await assertRejects(
    () =>
      retry((signal) => {
        signals.push(signal);
        return new Promise((resolve) =>
          signal.addEventListener("abort", () => resolve(REFUSED))
        );
      }, { ...testContext(30), ...CALL }),
    CallError,
  );
  assertEquals(signals.length, 1);
  assertEquals(signals[0]!.reason.name, "TimeoutError");

  signals.length = 0;
  await retry((signal) => {
    signals.push(signal);
    return Promise.resolve(
      signals.length === 1 ? REFUSED : { ok: true, value: "" },
    );
  }, { ...testContext(), ...CALL });
  assert(signals[0] !== signals[1]);
  assert(signals.every((signal) => !signal.aborted));
});

Deno.test("retry() does not start when it was told to stop before", async () => {
  let tries = 0;
  await assertRejects(
    () =>
      retry(() => {
        tries++;
        return Promise.resolve(REFUSED);
      }, {
        ...testContext(60_000, AbortSignal.abort(new Error("stopped"))),
        ...CALL,
      }),
    Error,
    "stopped",
  );
  assertEquals(tries, 0);
});

Deno.test("retry() stops within a try, with the signal's reason", async () => {
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const context = testContext(60_000, controller.signal);
  await assertRejects(
    () =>
      retry((signal) => {
        seen = signal;
        controller.abort(new Error("stopped"));
        return Promise.resolve(REFUSED);
      }, { ...context, ...CALL }),
    Error,
    "stopped",
  );
  assert(seen!.aborted);
  assertEquals(context.log.lines, []);
});

Deno.test("retry() stops while it waits, with the signal's reason", async () => {
  const controller = new AbortController();
  const context = testContext(60_000, controller.signal);
  const sleep = context.clock.sleep;
  let seen: AbortSignal | undefined;
  context.clock.sleep = function (ms, signal) {
    seen = signal;
    controller.abort(new Error("stopped"));
    return sleep.call(this, ms, signal);
  };
  await assertRejects(
    () => retry(attempts(REFUSED), { ...context, ...CALL }),
    Error,
    "stopped",
  );
  assertEquals(seen, controller.signal);
});

Deno.test("retry() lets an error of the program through", async () => {
  await assertRejects(
    () =>
      retry(() => Promise.reject(new RangeError("a bug")), {
        ...testContext(),
        ...CALL,
      }),
    RangeError,
    "a bug",
  );
});

Deno.test("retry() says what a refusal may mean on a VM with the Metadata Security Protocol", async () => {
  for (const status of [401, 403]) {
    const error = await assertRejects(
      () =>
        retry(attempts(failed({ kind: "status", status, message: "no" })), {
          ...testContext(),
          ...CALL,
        }),
      CallError,
      "; check what the platform says; if the VM was created with the Metadata Security Protocol, the platform takes only what its guest proxy agent signs: put azure-proxy-agent into the image",
    );
    assertEquals(error.key, "it_unavailable");
  }
});

Deno.test("retry() keeps what later tries log for those who ask for details, but not what the one that succeeds logs", async () => {
  const context = testContext(20 * 60_000);
  let tries = 0;
  await retry((_signal, log) => {
    tries++;
    log.info(`asking ${tries}`);
    return Promise.resolve(
      tries === 8 ? { ok: true, value: "it" } as const : REFUSED,
    );
  }, { ...context, ...CALL });
  const { lines } = context.log;
  assertEquals(
    lines.filter((line) => line.startsWith("info: ")),
    [1, 2, 3, 4, 5, 8].map((it) => `info: asking ${it}`),
  );
  for (const line of ["asking 6", "asking 7"]) {
    assert(lines.includes(`debug: ${line}`), line);
  }
  assert(
    lines.some((line) => line.startsWith("debug: Try 6 to get it failed: ")),
  );
});
