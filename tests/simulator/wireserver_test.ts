import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  exchange,
  getGoalState,
  healthRequest,
  notReady,
  parseAnswer,
  postHealth,
  report,
  type RequestChanges,
  withPlatform,
} from "./raw_http.ts";

const PROTOCOL = { "x-ms-version": undefined };

Deno.test("startPlatform() serves the goal state with a byte order mark in front", async () => {
  await withPlatform(
    { incarnation: 7, containerId: "a&b", instanceId: "<i>" },
    async (platform) => {
      for (
        const target of ["/machine?comp=goalstate", "/machine/?comp=goalstate"]
      ) {
        const { status, headers, body } = await getGoalState(platform, {
          target,
        });
        assertEquals(status, 200);
        assertEquals(headers["content-type"], "text/xml; charset=utf-8");
        assert(
          body.startsWith(
            '\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<GoalState ',
          ),
        );
        assertStringIncludes(body, "<Incarnation>7</Incarnation>");
        assertStringIncludes(body, "<ContainerId>a&amp;b</ContainerId>");
        assertStringIncludes(body, "<InstanceId>&lt;i&gt;</InstanceId>");
      }
      assertEquals(platform.events.map((event) => event.served), [true, true]);
    },
  );
});

Deno.test("startPlatform() serves the versions without x-ms-version", async () => {
  await withPlatform({}, async (platform) => {
    const { status, body } = await getGoalState(platform, {
      target: "/?comp=versions",
      headers: PROTOCOL,
    });
    assertEquals(status, 200);
    assertMatch(body, /<Supported>[^]*<Version>2012-11-30<\/Version>/);
  });
});

Deno.test("startPlatform() accepts a Ready report, is ready and names the incarnation", async () => {
  await withPlatform({}, async (platform) => {
    const { status, headers, body } = await postHealth(platform);
    assertEquals([status, body, headers["content-length"]], [200, "", "0"]);
    assertEquals(headers["x-ms-latest-goal-state-incarnation-number"], "42");
    await platform.ready;
    assertEquals(platform.events[0]?.health, { state: "Ready" });
  });
});

Deno.test("startPlatform() accepts a NotReady report with its details decoded", async () => {
  await withPlatform({}, async (platform) => {
    const description = "a &amp; b &lt;c&gt; &quot;d&apos; &#233;&#x1F600;";
    const body = report({
      health: notReady("ProvisioningFailed", description),
    });
    assertEquals((await postHealth(platform, { body })).status, 200);
    assertEquals(platform.events[0]?.health, {
      state: "NotReady",
      subStatus: "ProvisioningFailed",
      description: "a & b <c> \"d' \u00E9\u{1F600}",
    });
  });
});

const ACCEPTED: Readonly<Record<string, RequestChanges>> = {
  "on the path with a slash": { target: "/machine/?comp=health" },
  "whose type has blanks and capitals": {
    headers: { "Content-Type": "Text/XML ; CharSet=UTF-8" },
  },
  "with a declaration, namespaces and blanks": {
    body:
      `<?xml version="1.0" encoding="UTF-8" standalone='yes'?>\r\n${report()}\n`
        .replace(
          "<Health>",
          `<Health xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd='http://www.w3.org/2001/XMLSchema' >`,
        )
        .replaceAll("><", ">\r\n\t <"),
  },
  "that is still provisioning": {
    body: report({ health: notReady("Provisioning", "") }),
  },
  "with a description in an empty-element tag": {
    body: report({
      health: notReady("Provisioning", "").replace(
        "<Description></Description>",
        "<Description />",
      ),
    }),
  },
  "of 4096 bytes": {
    body: report({
      health: notReady(
        "ProvisioningFailed",
        "x".repeat(4096 - failureLength("")),
      ),
    }),
  },
};

for (const [what, changes] of Object.entries(ACCEPTED)) {
  Deno.test(`startPlatform() accepts a report ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await postHealth(platform, changes)).status, 200);
      assertEquals(platform.verdict().refusals, []);
    });
  });
}

Deno.test("startPlatform() answers a stale incarnation with 410 and the platform's error body", async () => {
  await withPlatform({}, async (platform) => {
    const { status, body } = await postHealth(platform, {
      body: report({ incarnation: "41" }),
    });
    assertEquals(status, 410);
    assertStringIncludes(
      body,
      "<Error><Code>ResourceNotAvailable</Code><Message>The resource requested is no longer available. Please refresh your cache.</Message><Details/></Error>",
    );
    assertEquals(
      platform.events[0]?.refusal,
      'Stale incarnation "41", current is "42"',
    );
    assertEquals(platform.events[0]?.health, undefined);
    assertEquals(platform.verdict().ready, false);
  });
});

Deno.test("startPlatform() names the method that a known path takes", async () => {
  await withPlatform({}, async (platform) => {
    const goalState = await getGoalState(platform, {
      target: "/machine?comp=health",
    });
    assertEquals([goalState.status, goalState.headers["allow"]], [405, "POST"]);
    const health = await postHealth(platform, {
      target: "/machine?comp=goalstate",
    });
    assertEquals([health.status, health.headers["allow"]], [405, "GET"]);
    assertEquals(platform.verdict().refusals, [
      'Method "GET" is not "POST"',
      'Method "POST" is not "GET"',
    ]);
  });
});

interface RefusedRequest extends RequestChanges {
  readonly status: number;
  readonly refusal: string;
}

const REFUSED_GOAL_STATES: Readonly<Record<string, RefusedRequest>> = {
  "without x-ms-version": {
    headers: PROTOCOL,
    status: 400,
    refusal: 'Header "x-ms-version" is missing',
  },
  "with another x-ms-version": {
    headers: { "x-ms-version": "2015-04-05" },
    status: 400,
    refusal: 'Header "x-ms-version" is "2015-04-05", not "2012-11-30"',
  },
  "with a body": {
    headers: { "Content-Length": "1" },
    body: "x",
    status: 400,
    refusal: 'Body of "1" bytes is not allowed here',
  },
  "on an unknown path": {
    target: "/machine?comp=goalstate&x",
    status: 404,
    refusal: 'Target "/machine?comp=goalstate&x" is unknown',
  },
  "on a path that a prototype has": {
    target: "/constructor",
    status: 404,
    refusal: 'Target "/constructor" is unknown',
  },
};

for (
  const [what, { status, refusal, ...changes }] of Object.entries(
    REFUSED_GOAL_STATES,
  )
) {
  Deno.test(`startPlatform() refuses a goal state request ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await getGoalState(platform, changes)).status, status);
      assertEquals(platform.verdict().refusals, [refusal]);
    });
  });
}

const REFUSED_REPORTS: Readonly<Record<string, RefusedRequest>> = {
  "without x-ms-version": {
    headers: PROTOCOL,
    status: 400,
    refusal: 'Header "x-ms-version" is missing',
  },
  "without an agent name": {
    headers: { "x-ms-agent-name": undefined },
    status: 400,
    refusal: 'Header "x-ms-agent-name" is missing or empty',
  },
  "with an empty agent name": {
    headers: { "x-ms-agent-name": "" },
    status: 400,
    refusal: 'Header "x-ms-agent-name" is missing or empty',
  },
  "without a type": {
    headers: { "Content-Type": undefined },
    status: 415,
    refusal: 'Header "Content-Type" is "", not "text/xml;charset=utf-8"',
  },
  "of another type": {
    headers: { "Content-Type": "text/xml" },
    status: 415,
    refusal:
      'Header "Content-Type" is "text/xml", not "text/xml;charset=utf-8"',
  },
  "of 4097 bytes": {
    body: report({
      health: notReady(
        "ProvisioningFailed",
        "x".repeat(4097 - failureLength("")),
      ),
    }),
    status: 413,
    refusal: 'Report of "4097" bytes is longer than "4096"',
  },
  "with a byte order mark": {
    body: `\uFEFF${report()}`,
    status: 400,
    refusal: `Report has "\uFEFF${
      report().slice(0, 39)
    }" at character "0" in place of the start tag "<Health>"`,
  },
  "of another container": {
    body: report({ containerId: "other" }),
    status: 400,
    refusal:
      'Element "ContainerId" is "other", not "7b324f53-983a-43bc-b919-1775d6077608"',
  },
  "of another instance": {
    body: report({ instanceId: "other" }),
    status: 400,
    refusal:
      'Element "InstanceId" is "other", not "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1"',
  },
};

for (
  const [what, { status, refusal, ...changes }] of Object.entries(
    REFUSED_REPORTS,
  )
) {
  Deno.test(`startPlatform() refuses a report ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await postHealth(platform, changes)).status, status);
      assertEquals(platform.verdict().refusals, [refusal]);
      assertEquals(platform.verdict().ready, false);
    });
  });
}

Deno.test("startPlatform() refuses a report that is not UTF-8", async () => {
  await withPlatform({}, async (platform) => {
    const body = report({ health: notReady("Provisioning", "~") });
    const bytes = new TextEncoder().encode(healthRequest({ body }));
    bytes[bytes.lastIndexOf("~".charCodeAt(0))] = 0xFF;
    assertEquals(
      parseAnswer(await exchange(platform.wireserver, bytes)).status,
      400,
    );
    assertEquals(platform.verdict().refusals, ['Report is not "utf-8"']);
  });
});

function failureLength(description: string): number {
  return report({ health: notReady("ProvisioningFailed", description) }).length;
}
