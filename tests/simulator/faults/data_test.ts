import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  getGoalState,
  getMetadata,
  postHealth,
  report,
  withPlatform,
} from "../raw_http.ts";
import { faults } from "./_faults.ts";

Deno.test("moving-incarnation makes the report stale that is built from the goal state", async () => {
  await withPlatform(faults("moving-incarnation=1"), async (platform) => {
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<Incarnation>42</Incarnation>",
    );
    assertEquals((await postHealth(platform)).status, 410);
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<Incarnation>43</Incarnation>",
    );
    const accepted = await postHealth(platform, {
      body: report({ incarnation: "43" }),
    });
    assertEquals(accepted.status, 200);
    assertEquals(
      accepted.headers["x-ms-latest-goal-state-incarnation-number"],
      "43",
    );
    assertEquals(platform.events[0]?.fault, "moving-incarnation");
    assertEquals(platform.events[0]?.served, true);
  });
});

Deno.test("no-role-instance serves a goal state without RoleInstanceList", async () => {
  await withPlatform(faults("no-role-instance=1"), async (platform) => {
    const { status, body } = await getGoalState(platform);
    assertEquals(status, 200);
    assertStringIncludes(body, "<ContainerId>");
    assertEquals(body.includes("Role"), true, "StopRolesDeadlineHint stays");
    assertEquals(body.includes("RoleInstance"), false);
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<RoleInstanceList>",
    );
  });
});

Deno.test("old-metadata answers 400 to newer versions alone, which use up its tries", async () => {
  await withPlatform(faults("old-metadata=1"), async (platform) => {
    const target = "/metadata/instance?api-version=2019-06-01";
    assertEquals((await getMetadata(platform, { target })).status, 200);
    const { status, body } = await getMetadata(platform);
    assertEquals(status, 400);
    assertEquals(
      JSON.parse(body)["newest-versions"],
      ["2019-06-01", "2019-04-30", "2019-03-11"],
    );
    assertEquals((await getMetadata(platform)).status, 200);
    assertEquals(platform.verdict().refused, 0);
  });
});
