import { assertEquals, assertMatch } from "@std/assert";
import { formatVerdict } from "../../lib/simulator/mod.ts";
import {
  getGoalState,
  getMetadata,
  notReady,
  postHealth,
  report,
  withPlatform,
} from "./raw_http.ts";

Deno.test("verdict() tells what each agent asked for, in order, and what came several times in a row once", async () => {
  await withPlatform({}, async (platform) => {
    const headers = { "User-Agent": "WALinuxAgent/2.7.3.0" };
    await getGoalState(platform, { headers });
    await getGoalState(platform, { headers });
    await getMetadata(platform, {
      target: "/metadata/instance/nothing?api-version=2021-08-01",
    });
    await getGoalState(platform, {
      headers: { "User-Agent": "WALinuxAgent/2.7.3.0+health" },
      target: "/?comp=versions",
    });
    const health = notReady("Provisioning", "Starting");
    await postHealth(platform, { headers, body: report({ health }) });
    await postHealth(platform, { headers });
    const verdict = platform.verdict();
    const times = verdict.agents?.flatMap(({ requests }) =>
      requests.map(({ afterMs }) =>
        afterMs
      )
    ) ?? [];
    assertEquals(times.every((time) => time >= 0), true);
    assertEquals(
      formatVerdict(verdict).replace(/\d+\.\d\d s/g, "T").split("\n").slice(-8),
      [
        'Asked for by "WALinuxAgent/2.7.3.0":',
        "  T GET /machine?comp=goalstate -> 200, 2 times",
        "  T GET /?comp=versions -> 200",
        "  T POST /machine?comp=health -> 200 (NotReady)",
        "  T POST /machine?comp=health -> 200 (Ready)",
        "Asked for by an agent without a name:",
        "  T GET /metadata/instance/nothing?api-version=2021-08-01 -> 404",
        "",
      ],
    );
  });
});

Deno.test("verdict() names an agent by what WireServer's headers call it where it has no other name, and escapes it", async () => {
  await withPlatform({}, async (platform) => {
    await postHealth(platform, {
      headers: { "x-ms-agent-name": 'evil\t"agent' },
    });
    assertMatch(
      formatVerdict(platform.verdict()),
      /^Asked for by "evil\\t\\"agent":$/m,
    );
  });
});
