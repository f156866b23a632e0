import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ExitCode } from "../../lib/exit_code.ts";
import { CallError } from "../../lib/http/retry.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import {
  fetchGoalState,
  fetchGoalStateText,
  reportHealth,
  type WireServer,
} from "../../lib/wireserver/client.ts";
import { type TestPlatform, testPlatform } from "../helpers/platform.ts";
import { holdingServer, rawServer } from "../helpers/raw_server.ts";
import { testContext } from "../helpers/test_context.ts";

const GOAL_STATE = {
  incarnation: "42",
  containerId: "7b324f53-983a-43bc-b919-1775d6077608",
  instanceId: "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
};

const READY = { state: "Ready" } as const;

function wireServerOf({ platform }: TestPlatform): WireServer {
  return { endpoint: platform.wireserver, agentName: "test-agent" };
}

/** Such as `GET 200`, for every request so far. */
function story({ platform }: TestPlatform): string[] {
  return platform.events.map(({ method, status }) =>
    `${method} ${status ?? "none"}`
  );
}

Deno.test("fetchGoalState() asks exactly as the platform wants it", async () => {
  await using test = await testPlatform();
  const context = testContext();
  assertEquals(await fetchGoalState(wireServerOf(test), context), GOAL_STATE);
  assertEquals(test.platform.events.length, 1);
  const { method, target, headers, body, served } = test.platform.events[0]!;
  assertEquals(`${method} ${target}`, "GET /machine?comp=goalstate");
  assertEquals(headers, {
    "host": `127.0.0.1:${test.platform.wireserver.port}`,
    "x-ms-version": "2012-11-30",
    "accept-encoding": "identity",
    "connection": "close",
  });
  assertEquals(body, "");
  assert(served);
  assertEquals(context.log.lines, [
    "info: Retrieving goal state from the Wireserver",
  ]);
  assertEquals(context.clock.waits, []);
});

for (
  const [fault, why] of [
    ["no-role-instance", "no RoleInstance"],
    ["html", "not the XML that is expected"],
    ["empty-body", "not the XML that is expected"],
    ["truncated", "ended within its sized body"],
    ["reset", "Connection reset"],
    ["403", "403 Forbidden"],
    ["404", "404 Not Found"],
    ["410", "410 Gone"],
    ["429", "429 Too Many Requests"],
    ["500", "500 Internal Server Error"],
    ["503", "503 Service Unavailable"],
  ] as const
) {
  Deno.test(`fetchGoalState() tries again after the fault ${fault}`, async () => {
    await using test = await testPlatform({}, [`${fault}@goal-state=2`]);
    const context = testContext();
    assertEquals(
      await fetchGoalState(wireServerOf(test), context),
      GOAL_STATE,
    );
    assertEquals(test.platform.events.length, 3);
    assertEquals(context.clock.waits.length, 2);
    const warnings = context.log.lines.filter((line) =>
      line.startsWith("warn: ")
    );
    assertEquals(warnings.length, 2);
    const where = `127.0.0.1:${test.platform.wireserver.port}`;
    assertStringIncludes(
      warnings[0]!,
      `warn: Try 1 to get the goal state from ${where} failed: `,
    );
    assertStringIncludes(warnings[0]!, why);
    assertStringIncludes(
      warnings[1]!,
      `warn: Try 2 to get the goal state from ${where} failed: `,
    );
  });
}

for (const status of ["429", "503"]) {
  Deno.test(`fetchGoalState() waits for all of the Retry-After of a ${status}`, async () => {
    await using test = await testPlatform({}, [`${status}@goal-state=1`]);
    const context = testContext();
    await fetchGoalState(wireServerOf(test), context);
    assertEquals(context.clock.waits, [1000 + 0.5 * 500]);
  });
}

for (
  const [fault, exitCode, key] of [
    ["refuse", ExitCode.unreachable, "goal_state_unavailable"],
    ["hang", ExitCode.unreachable, "goal_state_unavailable"],
    ["reset", ExitCode.unreachable, "goal_state_unavailable"],
    ["truncated", ExitCode.unreachable, "goal_state_unavailable"],
    ["400", ExitCode.unreachable, "goal_state_unavailable"],
    ["503", ExitCode.gaveUp, "goal_state_unavailable"],
    ["301", ExitCode.gaveUp, "goal_state_unavailable"],
    ["html", ExitCode.badData, "goal_state_invalid"],
    ["no-role-instance", ExitCode.badData, "goal_state_no_role_instance"],
  ] as const
) {
  Deno.test(`fetchGoalState() ends with ${exitCode} and ${key} where the fault ${fault} stays`, async () => {
    await using test = await testPlatform({}, [`${fault}@goal-state`]);
    const error = await assertRejects(
      () => fetchGoalState(wireServerOf(test), testContext(200)),
      CallError,
    );
    assertEquals(error.exitCode, exitCode);
    assertEquals(error.key, key);
    assertMatch(
      error.message,
      /^Cannot get the goal state from 127\.0\.0\.1:\d+: .* \(1 try in /,
    );
  });
}

Deno.test("fetchGoalState() does not go where a redirect points", async () => {
  await using other = rawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  await using server = rawServer(
    `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${other.endpoint.port}/\r\nContent-Length: 0\r\n\r\n`,
  );
  await assertRejects(
    () =>
      fetchGoalState(
        { endpoint: server.endpoint, agentName: "a" },
        testContext(3000),
      ),
    CallError,
    "302 Found",
  );
  assert(server.requests.length > 1);
  assertEquals(other.requests, []);
});

Deno.test("fetchGoalState() keeps to its deadline while the platform hangs", async () => {
  await using test = await testPlatform({}, ["hang@goal-state"]);
  const before = performance.now();
  await assertRejects(
    () => fetchGoalState(wireServerOf(test), testContext(150)),
    CallError,
    "No whole answer in time",
  );
  assert(performance.now() - before < 2000);
});

Deno.test("fetchGoalState() refuses a goal state over 1 MiB without reading it to its end", async () => {
  await using server = rawServer(
    "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
  );
  const error = await assertRejects(
    () =>
      fetchGoalState(
        { endpoint: server.endpoint, agentName: "a" },
        testContext(200),
      ),
    CallError,
    "over 1048576 bytes",
  );
  assertEquals(error.exitCode, ExitCode.badData);
});

Deno.test("fetchGoalState() refuses bytes that are not UTF-8", async () => {
  // A text is sent as UTF-8, so the length ends it within a character.
  await using server = rawServer(
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\u00e4",
  );
  const error = await assertRejects(
    () =>
      fetchGoalState(
        { endpoint: server.endpoint, agentName: "a" },
        testContext(200),
      ),
    CallError,
    "not UTF-8",
  );
  assertEquals(error.key, "goal_state_invalid");
});

Deno.test("fetchGoalStateText() gives whatever a success holds", async () => {
  await using test = await testPlatform({}, ["html@goal-state"]);
  assertStringIncludes(
    await fetchGoalStateText(wireServerOf(test), testContext()),
    "<!DOCTYPE html>",
  );
});

Deno.test("fetchGoalStateText() tries again after a failure", async () => {
  await using test = await testPlatform({}, ["503@goal-state=1"]);
  assertStringIncludes(
    await fetchGoalStateText(wireServerOf(test), testContext()),
    "<Incarnation>42</Incarnation>",
  );
});

Deno.test("reportHealth() posts exactly what the platform wants", async () => {
  await using test = await testPlatform();
  const context = testContext();
  assertEquals(
    await reportHealth(
      wireServerOf(test),
      { health: READY, goalState: GOAL_STATE },
      context,
    ),
    GOAL_STATE,
  );
  const report =
    "<Health><GoalStateIncarnation>42</GoalStateIncarnation><Container><ContainerId>7b324f53-983a-43bc-b919-1775d6077608</ContainerId><RoleInstanceList><Role><InstanceId>fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1</InstanceId><Health><State>Ready</State></Health></Role></RoleInstanceList></Container></Health>";
  assertEquals(test.platform.events.length, 1);
  const { method, target, headers, body } = test.platform.events[0]!;
  assertEquals(`${method} ${target}`, "POST /machine?comp=health");
  assertEquals(headers, {
    "host": `127.0.0.1:${test.platform.wireserver.port}`,
    "x-ms-version": "2012-11-30",
    "x-ms-agent-name": "test-agent",
    "content-type": "text/xml;charset=utf-8",
    "content-length": String(report.length),
    "accept-encoding": "identity",
    "connection": "close",
  });
  assertEquals(body, report);
  assertEquals(context.log.lines, [
    "info: Sending the following data to Wireserver:",
    `info: ${report}`,
    "info: Response: 200 OK",
  ]);
  assert(test.platform.verdict().ready);
});

Deno.test("reportHealth() gives the platform the reason for NotReady, in characters of every size", async () => {
  await using test = await testPlatform();
  const description = 'disk "a&b" is <full>: \u00e4\u{1f600}';
  await reportHealth(wireServerOf(test), {
    health: { state: "NotReady", description },
    goalState: GOAL_STATE,
  }, testContext());
  assertEquals(test.platform.verdict().notReady, {
    subStatus: "ProvisioningFailed",
    description,
  });
});

Deno.test("reportHealth() fetches the goal state again after a 410, and posts a new report", async () => {
  await using test = await testPlatform({ incarnation: 7 });
  const context = testContext();
  const accepted = await reportHealth(wireServerOf(test), {
    health: READY,
    goalState: { ...GOAL_STATE, incarnation: "6" },
  }, context);
  assertEquals(accepted, { ...GOAL_STATE, incarnation: "7" });
  assertEquals(story(test), ["POST 410", "GET 200", "POST 200"]);
  assertStringIncludes(
    test.platform.events[2]!.body,
    "<GoalStateIncarnation>7</GoalStateIncarnation>",
  );
  assert(
    context.log.lines.includes(
      'info: The goal state with the incarnation "6" is out of date, it will be fetched again',
    ),
  );
  assert(context.log.lines.includes("info: Response: 410 Gone"));
});

Deno.test("reportHealth() takes the ids from the new goal state as well", async () => {
  await using test = await testPlatform({}, ["410@health=1"]);
  const accepted = await reportHealth(
    wireServerOf(test),
    { health: READY, goalState: GOAL_STATE },
    testContext(),
  );
  assertEquals(accepted, GOAL_STATE);
  assertEquals(story(test), ["POST 410", "GET 200", "POST 200"]);
});

Deno.test("reportHealth() follows an incarnation that keeps moving", async () => {
  await using test = await testPlatform({}, ["moving-incarnation=2"]);
  const wireserver = wireServerOf(test);
  const goalState = await fetchGoalState(wireserver, testContext());
  const accepted = await reportHealth(
    wireserver,
    { health: READY, goalState },
    testContext(),
  );
  assertEquals(accepted.incarnation, "44");
  assertEquals(story(test).slice(1), [
    "POST 410",
    "GET 200",
    "POST 410",
    "GET 200",
    "POST 200",
  ]);
});

Deno.test("reportHealth() gives up at its deadline if the incarnation never stands still", async () => {
  await using test = await testPlatform({}, ["moving-incarnation"]);
  const error = await assertRejects(
    () =>
      reportHealth(
        wireServerOf(test),
        { health: READY, goalState: { ...GOAL_STATE, incarnation: "1" } },
        testContext(5000),
      ),
    CallError,
    "410 Gone",
  );
  assertEquals(error.exitCode, ExitCode.gaveUp);
  assert(story(test).length > 3);
});

Deno.test("reportHealth() fetches the goal state until there is one, and does not post the old one", async () => {
  await using test = await testPlatform({ incarnation: 7 }, [
    "500@goal-state=1",
    "no-role-instance@goal-state=1",
  ]);
  await reportHealth(
    wireServerOf(test),
    { health: READY, goalState: GOAL_STATE },
    testContext(),
  );
  assertEquals(story(test), [
    "POST 410",
    "GET 500",
    "GET 200",
    "GET 200",
    "POST 200",
  ]);
});

Deno.test("reportHealth() keeps given ids if it may not refresh them, and says what to do", async () => {
  await using test = await testPlatform();
  const error = await assertRejects(
    () =>
      reportHealth(wireServerOf(test), {
        health: READY,
        goalState: { ...GOAL_STATE, incarnation: "1" },
        refresh: false,
      }, testContext()),
    CallError,
    'the incarnation "1" is out of date: leave the ids out',
  );
  assertEquals(error.key, "health_report_refused");
  assertEquals(error.exitCode, ExitCode.badData);
  assertEquals(story(test), ["POST 410"]);
});

for (const fault of ["429", "500", "503", "404", "reset", "301"]) {
  Deno.test(`reportHealth() posts again after the fault ${fault}`, async () => {
    await using test = await testPlatform({}, [`${fault}@health=2`]);
    const context = testContext();
    await reportHealth(
      wireServerOf(test),
      { health: READY, goalState: GOAL_STATE },
      context,
    );
    assertEquals(test.platform.events.length, 3);
    assert(test.platform.verdict().ready);
    const where = `127.0.0.1:${test.platform.wireserver.port}`;
    assert(
      context.log.lines.some((line) =>
        line.startsWith(`warn: Try 2 to report Ready to ${where} failed: `)
      ),
    );
  });
}

Deno.test("reportHealth() gives up at once if the platform finds the report wrong", async () => {
  await using test = await testPlatform();
  const error = await assertRejects(
    () =>
      reportHealth(wireServerOf(test), {
        health: READY,
        goalState: { ...GOAL_STATE, containerId: "another" },
      }, testContext()),
    CallError,
    "400 Bad Request",
  );
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(story(test), ["POST 400"]);
});

for (
  const [status, accepted] of [
    ["200 OK", true],
    ["201 Created", true],
    ["204 No Content", true],
    ["299 Odd", true],
    ["300 Choices", false],
    ["304 Not Modified", false],
    ["404 Not Found", false],
    ["999 Odder", false],
  ] as const
) {
  Deno.test(`reportHealth() takes ${status} for ${accepted ? "a success" : "no success"}`, async () => {
    await using server = rawServer(
      `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`,
    );
    const reporting = reportHealth(
      { endpoint: server.endpoint, agentName: "a" },
      { health: READY, goalState: GOAL_STATE },
      testContext(200),
    );
    if (accepted) assertEquals(await reporting, GOAL_STATE);
    else await assertRejects(() => reporting, CallError, status);
  });
}

const CHUNKED = "Transfer-Encoding: chunked";
const CHUNK = `1000\r\n${"x".repeat(4096)}\r\n`;

for (
  const [what, head, body] of [
    ["an endless body", "", { start: "", repeated: "x".repeat(4096) }],
    ["endless chunks", CHUNKED, { start: "", repeated: CHUNK }],
    ["a body over the limit", "Content-Length: 99999999", { start: "x" }],
    ["no length on a connection that is kept open", "", { start: "" }],
    ["a body that stays away", "Content-Length: 5", { start: "" }],
    ["a gzip body", "Content-Encoding: gzip\r\nContent-Length: 5", {
      start: "xxxxx",
    }],
    ["a cut body", "Content-Length: 5", "hi"],
    ["a cut chunk", CHUNKED, "5\r\nhi"],
    ["a garbled chunk", CHUNKED, "garbled\r\n"],
    ["an unknown transfer coding", "Transfer-Encoding: gzip", "x"],
    ["a garbled length", "Content-Length: many", "x"],
  ] as const
) {
  const answer = (status: string) => {
    const start = `HTTP/1.1 ${status}\r\n${head}${head && "\r\n"}\r\n`;
    return typeof body === "string"
      ? rawServer(start + body)
      : holdingServer({ ...body, start: start + body.start });
  };

  Deno.test(`reportHealth() takes a 200 with ${what} for a success, at once`, async () => {
    await using server = answer("200 OK");
    const context = testContext(10_000);
    const before = performance.now();
    assertEquals(
      await reportHealth(
        { endpoint: server.endpoint, agentName: "a" },
        { health: READY, goalState: GOAL_STATE },
        context,
      ),
      GOAL_STATE,
    );
    assert(performance.now() - before < 2000);
    assertEquals(server.requests.length, 1);
    assertEquals(context.log.lines.at(-1), "info: Response: 200 OK");
  });

  Deno.test(`reportHealth() takes a 500 with ${what} for no success`, async () => {
    await using server = answer("500 Busy");
    await assertRejects(
      () =>
        reportHealth(
          { endpoint: server.endpoint, agentName: "a" },
          { health: READY, goalState: GOAL_STATE },
          testContext(200),
        ),
      CallError,
    );
  });
}

Deno.test("reportHealth() sends nothing if the ids are too long for a report", async () => {
  await using test = await testPlatform();
  const error = await assertRejects(() =>
    reportHealth(wireServerOf(test), {
      health: READY,
      goalState: { ...GOAL_STATE, instanceId: "i".repeat(4096) },
    }, testContext())
  );
  assertInstanceOf(error, ProvisioningError);
  assertEquals(error.key, "health_report_too_long");
  assertEquals(story(test), []);
});

Deno.test("reportHealth() ends when it is told to stop", async () => {
  const controller = new AbortController();
  await using test = await testPlatform({
    onEvent: () => controller.abort(new Error("stopped")),
  }, ["hang@health"]);
  await assertRejects(
    () =>
      reportHealth(
        wireServerOf(test),
        { health: READY, goalState: GOAL_STATE },
        testContext(60_000, controller.signal),
      ),
    Error,
    "stopped",
  );
});
