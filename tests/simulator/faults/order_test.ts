import { assertEquals, assertStringIncludes } from "@std/assert";
import { getGoalState, withPlatform } from "../raw_http.ts";
import { faults } from "./_faults.ts";

Deno.test("faults are played in their order, one on each request", async () => {
  await withPlatform(
    faults("503@goal-state=2", "404@goal-state=1"),
    async (platform) => {
      const seen = [];
      for (let time = 0; time < 4; time++) {
        seen.push(
          (await getGoalState(platform)).status,
        );
      }
      assertEquals(seen, [503, 503, 404, 200]);
    },
  );
});

Deno.test("a request that is not in order is refused and uses up no fault", async () => {
  await withPlatform(faults("hang@goal-state=1"), async (platform) => {
    const headers = { "x-ms-version": undefined };
    assertEquals((await getGoalState(platform, { headers })).status, 400);
    assertEquals(platform.events[0]?.fault, undefined);
    assertStringIncludes(platform.events[0]?.refusal ?? "", "x-ms-version");
  });
});

Deno.test("a fault without a target is played on every request, and one with a target leaves the others alone", async () => {
  await withPlatform(
    faults("500@goal-state", "501@config=1", "502=1"),
    async (platform) => {
      const target = "/?comp=versions";
      const statuses = [
        await getGoalState(platform, { target }),
        await getGoalState(platform, { target }),
        await getGoalState(platform),
      ].map(({ status }) => status);
      assertEquals(statuses, [502, 200, 500]);
    },
  );
});
