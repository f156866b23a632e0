import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import { fetchGoalState } from "../../lib/wireserver/fetch_goal_state.ts";
import { reportByXml } from "../../lib/wireserver/report_by_xml.ts";
import { testPlatform } from "../helpers/platform.ts";
import { testContext } from "../helpers/test_context.ts";
import { GOAL_STATE, READY, story, wireServerOf } from "./_calls.ts";

Deno.test("reportByXml() fetches the goal state again after a 410, and posts a new report", async () => {
  await using test = await testPlatform({ incarnation: 7 });
  const context = testContext();
  const accepted = await reportByXml(wireServerOf(test), {
    health: READY,
    goalState: { ...GOAL_STATE, incarnation: "6" },
    refresh: true,
  }, context);
  assertEquals(accepted, { ...GOAL_STATE, incarnation: "7" });
  assertEquals(story(test), ["POST 410", "GET 200", "POST 200"]);
  assertStringIncludes(
    test.platform.events[2]!.body,
    "<GoalStateIncarnation>7</GoalStateIncarnation>",
  );
  assert(
    context.log.lines.includes(
      'info: The goal state with the incarnation "6" is out of date: fetching it again',
    ),
  );
  assert(context.log.lines.includes("info: Response: 410 Gone"));
});

Deno.test("reportByXml() takes the ids from the new goal state as well", async () => {
  await using test = await testPlatform({}, ["410@health=1"]);
  const accepted = await reportByXml(
    wireServerOf(test),
    { health: READY, goalState: GOAL_STATE, refresh: true },
    testContext(),
  );
  assertEquals(accepted, GOAL_STATE);
  assertEquals(story(test), ["POST 410", "GET 200", "POST 200"]);
});

Deno.test("reportByXml() follows an incarnation that keeps moving", async () => {
  await using test = await testPlatform({}, ["moving-incarnation=2"]);
  const wireserver = wireServerOf(test);
  const goalState = await fetchGoalState(wireserver, testContext());
  const accepted = await reportByXml(
    wireserver,
    { health: READY, goalState, refresh: true },
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

Deno.test("reportByXml() gives up at its deadline if the incarnation never stands still", async () => {
  await using test = await testPlatform({}, ["moving-incarnation"]);
  const error = await assertRejects(
    () =>
      reportByXml(
        wireServerOf(test),
        {
          health: READY,
          goalState: { ...GOAL_STATE, incarnation: "1" },
          refresh: true,
        },
        testContext(5000),
      ),
    CallError,
    "410 Gone",
  );
  assertEquals(error.exitCode, ExitCode.gaveUp);
  assert(story(test).length > 3);
});

Deno.test("reportByXml() fetches the goal state until there is one, and does not post the old one", async () => {
  await using test = await testPlatform({ incarnation: 7 }, [
    "500@goal-state=1",
    "no-role-instance@goal-state=1",
  ]);
  await reportByXml(
    wireServerOf(test),
    { health: READY, goalState: GOAL_STATE, refresh: true },
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

Deno.test("reportByXml() keeps given ids if it may not refresh them, and says what to do", async () => {
  await using test = await testPlatform();
  const error = await assertRejects(
    () =>
      reportByXml(wireServerOf(test), {
        health: READY,
        goalState: { ...GOAL_STATE, incarnation: "1" },
        refresh: false,
      }, testContext()),
    CallError,
    'the incarnation "1" is out of date: leave out the ids',
  );
  assertEquals(error.key, "health_report_refused");
  assertEquals(error.exitCode, ExitCode.badData);
  assertEquals(story(test), ["POST 410"]);
});
