import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import { reportHealth } from "../../lib/wireserver/report_health.ts";
import { testPlatform } from "../helpers/platform.ts";
import { testContext } from "../helpers/test_context.ts";
import { GOAL_STATE, READY, story, wireServerOf } from "./_calls.ts";

Deno.test("reportHealth() posts exactly what the platform wants", async () => {
  await using test = await testPlatform();
  const context = testContext();
  assertEquals(
    await reportHealth(
      wireServerOf(test),
      { health: READY, goalState: GOAL_STATE, protocol: "xml" },
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
    protocol: "xml",
    health: { state: "NotReady", description },
    goalState: GOAL_STATE,
  }, testContext());
  assertEquals(test.platform.verdict().notReady, {
    subStatus: "ProvisioningFailed",
    description,
  });
});

for (const fault of ["429", "500", "503", "404", "reset", "301"]) {
  Deno.test(`reportHealth() posts again after the fault ${fault}`, async () => {
    await using test = await testPlatform({}, [`${fault}@health=2`]);
    const context = testContext();
    await reportHealth(
      wireServerOf(test),
      { health: READY, goalState: GOAL_STATE, protocol: "xml" },
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

Deno.test("reportHealth() fetches the goal state again if the platform finds the report wrong", async () => {
  await using test = await testPlatform();
  const reported = await reportHealth(wireServerOf(test), {
    protocol: "xml",
    health: READY,
    goalState: { ...GOAL_STATE, containerId: "another" },
  }, testContext());
  assertEquals(reported, GOAL_STATE);
  assertEquals(story(test), ["POST 400", "GET 200", "POST 200"]);
});

Deno.test("reportHealth() gives up after three tries if the platform finds the report wrong each time", async () => {
  await using test = await testPlatform({}, ["400@health"]);
  const error = await assertRejects(
    () =>
      reportHealth(
        wireServerOf(test),
        { protocol: "xml", health: READY, goalState: GOAL_STATE },
        testContext(),
      ),
    CallError,
    "400 Bad Request",
  );
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(
    story(test).join(" "),
    "POST 400 GET 200 POST 400 GET 200 POST 400",
  );
});

Deno.test("reportHealth() keeps to the ids that it was given, whatever the platform says", async () => {
  await using test = await testPlatform();
  await assertRejects(
    () =>
      reportHealth(wireServerOf(test), {
        protocol: "xml",
        health: READY,
        goalState: { ...GOAL_STATE, containerId: "another" },
        refresh: false,
      }, testContext()),
    CallError,
    "400 Bad Request",
  );
  assertEquals(story(test), ["POST 400", "POST 400", "POST 400"]);
});

Deno.test("reportHealth() sends nothing if the ids are too long for a report", async () => {
  await using test = await testPlatform();
  const error = await assertRejects(() =>
    reportHealth(wireServerOf(test), {
      protocol: "xml",
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
        { health: READY, goalState: GOAL_STATE, protocol: "xml" },
        testContext(60_000, controller.signal),
      ),
    Error,
    "stopped",
  );
});
