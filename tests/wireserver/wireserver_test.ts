import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import {
  reportHealth,
  SECOND_PROTOCOL_MS,
} from "../../lib/wireserver/report_health.ts";
import type { HealthProtocol } from "../../lib/wireserver/wireserver.ts";
import { testPlatform } from "../helpers/platform.ts";
import { testContext } from "../helpers/test_context.ts";
import { GOAL_STATE, READY, wireServerOf } from "./_calls.ts";

/** Reports against a platform with faults; what came of it, and what was asked. */
async function report(
  protocol: HealthProtocol,
  faults: readonly string[],
  { goalState = GOAL_STATE, timeoutMs = 20_000, health = READY, refresh }: {
    refresh?: boolean | undefined;
    goalState?: typeof GOAL_STATE | undefined;
    timeoutMs?: number;
    health?: Parameters<typeof reportHealth>[1]["health"];
  } = {},
) {
  await using test = await testPlatform({}, faults);
  const context = testContext(timeoutMs);
  const result = await reportHealth(
    wireServerOf(test),
    {
      ...{ health, goalState, protocol },
      refresh,
    },
    context,
  ).then(
    (value) => ({ value, error: undefined }),
    (error) => ({ value: undefined, error }),
  );
  return {
    ...result,
    log: context.log.lines,
    clock: context.clock,
    verdict: test.platform.verdict(),
    requests: test.platform.events,
    story: test.platform.events.map(({ target, status }) =>
      `${target.replace("?comp=", " ")} ${status}`
    ),
  };
}

Deno.test("reportHealth() says nothing in JSON where XML is taken", async () => {
  const { story, value } = await report("auto", []);
  assertEquals(story, ["/machine health 200"]);
  assertEquals(value, GOAL_STATE);
});

/** What a platform is asked that refuses XML for good. */
const REFUSED = [
  "/machine health 400",
  "/machine goalstate 200",
  "/machine health 400",
  "/machine goalstate 200",
  "/machine health 400",
];

Deno.test("reportHealth() turns to JSON soon where XML is refused for good", async () => {
  const { story, value, verdict, log, clock } = await report("auto", [
    "400@health",
  ]);
  assertEquals(story, [...REFUSED, "/provisioning/health 201"]);
  assertEquals(value, GOAL_STATE);
  assertEquals(verdict.ready, true);
  assertEquals(clock.waits, [375, 750]);
  const warning = log.find((line) => line.startsWith("warn: Cannot "))!;
  assertStringIncludes(warning, "Cannot report Ready to 127.0.0.1:");
  assertStringIncludes(warning, "400 Bad Request");
  assertStringIncludes(warning, "; reporting it as JSON");
});

Deno.test("reportHealth() posts exactly what the JSON endpoint wants", async () => {
  const { requests } = await report("json", []);
  assertEquals(requests.length, 1);
  const { method, target, headers, body } = requests[0]!;
  assertEquals(`${method} ${target}`, "POST /provisioning/health");
  assertEquals(headers["x-ms-guest-agent-name"], "test-agent");
  assertEquals(headers["content-type"], "application/json");
  assertEquals(headers["x-ms-version"], undefined);
  assertEquals(body, '{"state":"Ready"}');
});

Deno.test("reportHealth() gives the reason for NotReady in JSON, cut to 512 characters", async () => {
  const { verdict } = await report("json", [], {
    goalState: undefined,
    health: {
      state: "NotReady",
      description: `"a" \u0000\ud800 ${"\u{1f600}".repeat(600)}`,
    },
  });
  assertEquals(verdict.notReady, {
    subStatus: "ProvisioningFailed",
    description: `"a" \u0000\ufffd ${"\u{1f600}".repeat(505)}`,
  });
});

Deno.test("reportHealth() turns to JSON where XML was answered, but never well, until its time was up", async () => {
  const { story, verdict, clock } = await report("auto", ["410@health"], {
    timeoutMs: 3000,
  });
  assertEquals(story.at(-1), "/provisioning/health 201");
  assertEquals(story.filter((it) => it.startsWith("/prov")).length, 1);
  assertEquals(verdict.ready, true);
  assertEquals(clock.time <= 3000 + SECOND_PROTOCOL_MS, true);
});

for (const fault of ["hang@health", "reset@health"]) {
  Deno.test(`reportHealth() turns to JSON after ${fault}, as the goal state came from there`, async () => {
    const { error, story, verdict } = await report("auto", [fault], {
      timeoutMs: 300,
    });
    assertEquals(error, undefined);
    assertEquals([...new Set(story)], [
      "/machine health undefined",
      "/provisioning/health 201",
    ]);
    assertEquals(verdict.ready, true);
  });
}

Deno.test("reportHealth() tries no JSON where nothing answered, and the ids are from elsewhere", async () => {
  const { error, story } = await report("auto", ["hang@health"], {
    timeoutMs: 300,
    refresh: false,
  });
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(new Set(story), new Set(["/machine health undefined"]));
});

Deno.test("reportHealth() ends with XML's failure if JSON fails as well, and logs both", async () => {
  const { error, log, story } = await report("auto", [
    "400@health",
    "404@health-json",
  ]);
  assertEquals(error.message.includes("400 Bad Request"), true);
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(story, [...REFUSED, "/provisioning/health 404"]);
  assertStringIncludes(log.at(-1)!, "/provisioning/health: The platform ");
});

Deno.test("reportHealth() tries a busy JSON endpoint again", async () => {
  const { story } = await report("auto", ["400@health", "503@health-json=2"]);
  assertEquals(story, [
    ...REFUSED,
    "/provisioning/health 503",
    "/provisioning/health 503",
    "/provisioning/health 201",
  ]);
});

Deno.test("reportHealth() asks a JSON endpoint that is not there yet again if it is the only way", async () => {
  const { story } = await report("json", ["404@health-json=2"]);
  assertEquals(story.length, 3);
});

Deno.test("reportHealth() sends no JSON if XML is the only way", async () => {
  const { error, story } = await report("xml", ["400@health"]);
  assertEquals(error instanceof CallError, true);
  assertEquals(story, REFUSED);
});

Deno.test("reportHealth() turns to JSON where the ids are too long for XML", async () => {
  const { story } = await report("auto", [], {
    goalState: { ...GOAL_STATE, instanceId: "i".repeat(4096) },
  });
  assertEquals(story, ["/provisioning/health 201"]);
});

Deno.test("reportHealth() reports without a goal state, in JSON", async () => {
  const context = testContext();
  await using test = await testPlatform();
  await reportHealth(
    wireServerOf(test),
    { health: READY, goalState: undefined, protocol: "auto" },
    context,
  );
  assertEquals(test.platform.verdict().ready, true);
});

Deno.test("reportHealth() does not turn to JSON after it was told to stop", async () => {
  const controller = new AbortController();
  await using test = await testPlatform({
    onEvent: () => controller.abort(new Error("stopped")),
  }, ["400@health"]);
  await assertRejects(
    () =>
      reportHealth(
        wireServerOf(test),
        { health: READY, goalState: GOAL_STATE, protocol: "auto" },
        { ...testContext(), signal: controller.signal },
      ),
    Error,
    "stopped",
  );
  assertEquals(test.platform.events.length, 1);
});

for (
  const faults of [
    ["503@health=1", "garbage@health"],
    ["410@health=1", "html@goal-state"],
  ]
) {
  Deno.test(`reportHealth() turns to JSON after ${faults.join(" and then ")}, as something is there`, async () => {
    const { verdict } = await report("auto", faults, { timeoutMs: 3000 });
    assertEquals(verdict.ready, true);
  });
}
