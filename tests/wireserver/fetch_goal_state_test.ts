import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import {
  fetchGoalState,
  fetchGoalStateText,
} from "../../lib/wireserver/fetch_goal_state.ts";
import { testPlatform } from "../helpers/platform.ts";
import { rawServer } from "../helpers/raw_server.ts";
import { testContext } from "../helpers/test_context.ts";
import { GOAL_STATE, wireServerOf } from "./_calls.ts";

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
    ["html", "cannot be parsed"],
    ["empty-body", "cannot be parsed"],
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
    assertEquals(context.clock.waits, [1000 + 0.5 * 4000]);
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
      /^Cannot get the goal state from 127\.0\.0\.1:\d+: .* \(\d tr(y|ies) in 0\.[12] s, /,
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
