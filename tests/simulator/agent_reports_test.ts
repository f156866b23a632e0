import { assertEquals } from "@std/assert";
import {
  exchange,
  healthServiceRequest,
  parseAnswer,
  type RequestChanges,
  roleProperties,
  rolePropertiesRequest,
  telemetryRequest,
  withPlatform,
} from "./raw_http.ts";

/** What an agent reports beside its health, and the status of the answer. */
interface Report {
  readonly request: (changes?: RequestChanges) => string;
  readonly status: number;
  /** Changes, and the status of the refusal. */
  readonly refused: Readonly<Record<string, [RequestChanges, number]>>;
}

const WITHOUT_VERSION = { headers: { "x-ms-version": undefined } };

const REPORTS: Readonly<Record<string, Report>> = {
  "the properties of a role": {
    request: rolePropertiesRequest,
    status: 202,
    refused: {
      "without x-ms-version": [WITHOUT_VERSION, 400],
      "of another container": [{ body: roleProperties("other") }, 400],
      "that are no XML": [{ body: "{}" }, 400],
      "of another type": [{ headers: { "Content-Type": "text/xml" } }, 415],
      "with a GET": [{ method: "GET" }, 405],
      "without a property": [{
        body: roleProperties().replace(/<Property .*?>/, ""),
      }, 400],
    },
  },
  telemetry: {
    request: telemetryRequest,
    status: 200,
    refused: {
      "without x-ms-version": [WITHOUT_VERSION, 400],
      "without an agent name": [
        { headers: { "x-ms-agent-name": undefined } },
        400,
      ],
      "that is a health report": [{ body: "<Health></Health>" }, 400],
      "of 64 KiB": [{ body: "x".repeat(65_537) }, 413],
    },
  },
  "the health of services": {
    request: healthServiceRequest,
    status: 200,
    refused: {
      "that is no JSON": [{ body: "<Health/>" }, 400],
      "without observations": [{ body: '{"Api":"a"}' }, 400],
      "with an observation that has no name": [{
        body:
          '{"Api":"a","Version":"1.0","Source":"b","Observations":[{"IsHealthy":true}]}',
      }, 400],
    },
  },
};

for (const [what, { request, status, refused }] of Object.entries(REPORTS)) {
  Deno.test(`startPlatform() accepts ${what}, which makes no VM ready`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = parseAnswer(
        await exchange(platform.wireserver, request()),
      );
      assertEquals([answer.status, answer.body], [status, ""]);
      const { ready, refusals } = platform.verdict();
      assertEquals([ready, refusals], [false, []]);
    });
  });

  for (const [how, [changes, refusal]] of Object.entries(refused)) {
    Deno.test(`startPlatform() refuses ${what} ${how}`, async () => {
      await withPlatform({}, async (platform) => {
        const answer = await exchange(platform.wireserver, request(changes));
        assertEquals(parseAnswer(answer).status, refusal);
        assertEquals(platform.verdict().refused, 1);
      });
    });
  }
}
