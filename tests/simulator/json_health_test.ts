import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatEvent, formatVerdict } from "../../lib/simulator/mod.ts";
import { faults } from "./faults/_faults.ts";
import {
  exchange,
  getGoalState,
  jsonHealthRequest,
  parseAnswer,
  postHealth,
  postJsonHealth,
  type RequestChanges,
  withPlatform,
} from "./raw_http.ts";

/** How many bytes a report of failure has beside its description. */
const FAILURE_LENGTH = failure("").length;

Deno.test("startPlatform() accepts a Ready report in JSON with 201 and nothing else, and is ready", async () => {
  await withPlatform({}, async (platform) => {
    const { status, headers, body } = await postJsonHealth(platform);
    assertEquals([status, body, headers["content-length"]], [201, "", "0"]);
    assertEquals(headers["content-type"], undefined);
    await platform.ready;
    const [event] = platform.events;
    assertEquals([event?.kind, event?.health, event?.served], [
      "health-json",
      { state: "Ready" },
      true,
    ]);
    assertEquals(
      formatEvent(event!),
      "POST /provisioning/health -> 201 (Ready, as JSON)",
    );
    const { ready, readyBy } = platform.verdict();
    assertEquals([ready, readyBy], [true, "health-json"]);
    assertStringIncludes(formatVerdict(platform.verdict()), " ms, as JSON\n");
  });
});

Deno.test("startPlatform() accepts a NotReady report in JSON with its details", async () => {
  await withPlatform({}, async (platform) => {
    const body = failure('a\\n\\"b\\" \\u00e9 \u{1F600} <&');
    assertEquals((await postJsonHealth(platform, { body })).status, 201);
    const { ready, notReady, notReadyBy } = platform.verdict();
    assertEquals([ready, notReady, notReadyBy], [
      false,
      {
        subStatus: "ProvisioningFailed",
        description: 'a\n"b" \u00E9 \u{1F600} <&',
      },
      "health-json",
    ]);
  });
});

Deno.test("verdict() says by which endpoint the first Ready and the last NotReady report came", async () => {
  await withPlatform({}, async (platform) => {
    await postHealth(platform);
    await postJsonHealth(platform);
    await postJsonHealth(platform, { body: failure("x") });
    const { readyBy, notReadyBy } = platform.verdict();
    assertEquals([readyBy, notReadyBy], ["health", "health-json"]);
    assertEquals(platform.events.map((event) => event.kind), [
      "health",
      "health-json",
      "health-json",
    ]);
  });
});

const ACCEPTED: Readonly<Record<string, RequestChanges>> = {
  "whose type names its characters": {
    headers: { "Content-Type": "Application/JSON ; charset=UTF-8" },
  },
  "with blanks": { body: ' {\n\t"state" : "Ready"\r}\n' },
  "whose members are the other way round": {
    body:
      '{"details":{"description":"x","subStatus":"Provisioning"},"state":"NotReady"}',
  },
  "of 4096 bytes": { body: failure("x".repeat(4096 - FAILURE_LENGTH)) },
};

for (const [what, changes] of Object.entries(ACCEPTED)) {
  Deno.test(`startPlatform() accepts a report in JSON ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await postJsonHealth(platform, changes)).status, 201);
      assertEquals(platform.verdict().refusals, []);
    });
  });
}

interface Refused extends RequestChanges {
  readonly refusal: string;
}

const REFUSED: Readonly<Record<string, Refused>> = {
  "without an agent name": {
    headers: { "x-ms-guest-agent-name": undefined },
    refusal: 'Header "x-ms-guest-agent-name" is missing or empty',
  },
  "with an empty agent name": {
    headers: { "x-ms-guest-agent-name": "" },
    refusal: 'Header "x-ms-guest-agent-name" is missing or empty',
  },
  "with the agent name of the XML endpoint": {
    headers: { "x-ms-guest-agent-name": undefined, "x-ms-agent-name": "test" },
    refusal: 'Header "x-ms-guest-agent-name" is missing or empty',
  },
  "without a type": {
    headers: { "Content-Type": undefined },
    refusal: 'Header "Content-Type" is "", not "application/json"',
  },
  "of another type": {
    headers: { "Content-Type": "text/json" },
    refusal: 'Header "Content-Type" is "text/json", not "application/json"',
  },
  "of other characters": {
    headers: { "Content-Type": "application/json; charset=latin1" },
    refusal:
      'Header "Content-Type" is "application/json; charset=latin1", not "application/json"',
  },
  "of 4097 bytes": {
    body: failure("x".repeat(4097 - FAILURE_LENGTH)),
    refusal: 'Report of "4097" bytes is longer than "4096"',
  },
  "that is empty": { body: "", refusal: 'Report "" is not JSON' },
  "with a byte order mark": {
    body: '\uFEFF{"state":"Ready"}',
    refusal: 'Report "\uFEFF{\\"state\\":\\"Ready\\"}" is not JSON',
  },
  "that is no object": {
    body: '["Ready"]',
    refusal: 'Report is "[\\"Ready\\"]", not an object',
  },
  "that is null": {
    body: "null",
    refusal: 'Report is "null", not an object',
  },
  "without a state": {
    body: "{}",
    refusal: 'Member "state" is missing, not "Ready" or "NotReady"',
  },
  "with a state in lower case": {
    body: '{"state":"ready"}',
    refusal: 'Member "state" is "ready", not "Ready" or "NotReady"',
  },
  "with a state twice": {
    body: '{"state":"NotReady","state":"Ready"}',
    refusal:
      'Report "{\\"state\\":\\"NotReady\\",\\"state\\":\\"Ready\\"}" has a member twice',
  },
  "that is Ready and has details": {
    body: failure("x").replace("NotReady", "Ready"),
    refusal: 'Member "details" does not belong in the report',
  },
  "with a member that a prototype has": {
    body: '{"state":"Ready","__proto__":{}}',
    refusal: 'Member "__proto__" does not belong in the report',
  },
  "of failure without details": {
    body: '{"state":"NotReady"}',
    refusal: 'Member "details" is missing in the report',
  },
  "of failure with details of null": {
    body: '{"state":"NotReady","details":null}',
    refusal: 'Member "details" is "null", not an object',
  },
  "of failure without a description": {
    body: '{"state":"NotReady","details":{"subStatus":"Provisioning"}}',
    refusal: 'Member "description" is missing in "details"',
  },
  "of failure with one detail more": {
    body: failure("x").replace('"subStatus"', '"a":1,"subStatus"'),
    refusal: 'Member "a" does not belong in "details"',
  },
  "of failure with a detail twice": {
    body: failure("x").replace('"subStatus"', '"description":1,"subStatus"'),
    refusal:
      'Report "{\\"state\\":\\"NotReady\\",\\"details\\":{\\"description\\":1,\\"subStatus\\":\\"ProvisioningFailed\\",\\"description\\":\\"x\\"}}" has a member twice',
  },
  "of failure with another subStatus": {
    body: failure("x").replace("ProvisioningFailed", "Failed"),
    refusal:
      'Member "subStatus" is "Failed", not "ProvisioningFailed" or "Provisioning"',
  },
  "of failure with a description that is no text": {
    body: failure("x").replace('"x"', "1"),
    refusal: 'Member "description" is "1", not text',
  },
  "of failure with half a character": {
    body: failure("\\ud83d"),
    refusal: 'Member "description" is "\\ud83d", not text',
  },
};

for (const [what, { refusal, ...changes }] of Object.entries(REFUSED)) {
  Deno.test(`startPlatform() refuses a report in JSON ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await postJsonHealth(platform, changes)).status, 400);
      const { refusals, ready, notReady } = platform.verdict();
      assertEquals([refusals, ready, notReady], [[refusal], false, undefined]);
    });
  });
}

Deno.test("startPlatform() refuses a report in JSON that is not UTF-8", async () => {
  await withPlatform({}, async (platform) => {
    const request = jsonHealthRequest({ body: failure("~") });
    const bytes = new TextEncoder().encode(request);
    bytes[bytes.lastIndexOf("~".charCodeAt(0))] = 0xFF;
    const answer = await exchange(platform.wireserver, bytes);
    assertEquals(parseAnswer(answer).status, 400);
    assertEquals(platform.verdict().refusals, ['Report is not "utf-8"']);
  });
});

Deno.test("a fault without a target is for reports in JSON, too, and one for health is not", async () => {
  await withPlatform(
    faults("503@health", "403@health-json=1", "500=1"),
    async (platform) => {
      const seen = [];
      for (let time = 0; time < 3; time++) {
        seen.push((await postJsonHealth(platform)).status);
      }
      assertEquals(seen, [403, 500, 201]);
      assertEquals((await postHealth(platform)).status, 503);
    },
  );
});

Deno.test("startPlatform() names the method of the JSON endpoint", async () => {
  await withPlatform({}, async (platform) => {
    const { status, headers } = await getGoalState(platform, {
      target: "/provisioning/health",
    });
    assertEquals([status, headers["allow"]], [405, "POST"]);
    assertEquals(platform.verdict().refusals, ['Method "GET" is not "POST"']);
  });
});

function failure(description: string): string {
  return `{"state":"NotReady","details":{"subStatus":"ProvisioningFailed","description":"${description}"}}`;
}
