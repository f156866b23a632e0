import { assertEquals, assertRejects } from "@std/assert";
import { type Platform, startPlatform } from "../../lib/simulator/mod.ts";
import {
  exchange,
  hostPluginRequest,
  parseAnswer,
  type RawAnswer,
  type RequestChanges,
  withPlatform,
} from "./raw_http.ts";

async function ask(
  platform: Platform,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  const address = platform.hostPlugin!;
  return parseAnswer(await exchange(address, hostPluginRequest(changes)));
}

const STATUS =
  '{"requestUri":"https://simulated.invalid/","headers":[{"headerName":"x-ms-version","headerValue":"2014-02-14"}],"content":"e30="}';

Deno.test("the host's plugin has the settings of a VM without extensions, and says when they are unchanged", async () => {
  await withPlatform({}, async (platform) => {
    const { status, headers, body } = await ask(platform);
    assertEquals(status, 200);
    const settings = JSON.parse(body);
    assertEquals(settings.extensionGoalStates, []);
    assertEquals(settings.extensionGoalStatesSource, "Fabric");
    const again = await ask(platform, {
      headers: { "if-none-match": headers["etag"] },
    });
    assertEquals([again.status, again.body], [304, ""]);
  });
});

const ANSWERS: Readonly<Record<string, [RequestChanges, number, string]>> = {
  "lists the versions of its protocol": [
    { target: "/versions" },
    200,
    '["2015-09-01"]',
  ],
  "is healthy": [{ target: "/health" }, 200, ""],
  "takes the agent's status": [
    { method: "PUT", target: "/status", body: STATUS },
    200,
    "",
  ],
  "takes a status of a mebibyte": [
    {
      method: "PUT",
      target: "/status",
      body: STATUS.replace("e30=", "A".repeat(1024 * 1024)),
    },
    200,
    "",
  ],
  "takes the agent's logs": [
    { method: "PUT", target: "/vmAgentLog", body: "PK" },
    200,
    "",
  ],
  "has no artifact of an extension": [
    {
      target: "/extensionArtifact",
      headers: { "x-ms-artifact-location": "https://simulated.invalid/a" },
    },
    404,
    '{"code":"NotFound","message":"Not Found."}',
  ],
};

for (const [what, [changes, status, body]] of Object.entries(ANSWERS)) {
  Deno.test(`the host's plugin ${what}, which is no refusal`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = await ask(platform, changes);
      assertEquals([answer.status, answer.body], [status, body]);
      assertEquals(platform.verdict().refusals, []);
    });
  });
}

const REFUSED: Readonly<Record<string, [RequestChanges, number]>> = {
  "for settings of another container": [
    { headers: { "x-ms-containerid": "other" } },
    410,
  ],
  "for settings of another configuration": [
    { headers: { "x-ms-host-config-name": undefined } },
    410,
  ],
  "of another version": [{ headers: { "x-ms-version": "2012-11-30" } }, 400],
  "with a status of another container": [{
    method: "PUT",
    target: "/status",
    body: STATUS,
    headers: { "x-ms-containerid": "other" },
  }, 400],
  "with a status that is no JSON": [
    { method: "PUT", target: "/status", body: "status" },
    400,
  ],
  "with a status of nothing": [
    { method: "PUT", target: "/status", body: "{}" },
    400,
  ],
  "for an artifact without its location": [
    { target: "/extensionArtifact" },
    400,
  ],
  "with the wrong method": [{ target: "/status" }, 405],
  "on an unknown path": [{ target: "/vmsettings" }, 404],
};

for (const [what, [changes, status]] of Object.entries(REFUSED)) {
  Deno.test(`the host's plugin refuses a request ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await ask(platform, changes)).status, status);
      assertEquals(platform.verdict().refused, 1);
    });
  });
}

Deno.test("a stale container is told to WALinuxAgent in the words that it looks for", async () => {
  await withPlatform({}, async (platform) => {
    const { body } = await ask(platform, {
      method: "PUT",
      target: "/status",
      body: STATUS,
      headers: { "x-ms-containerid": "other" },
    });
    assertEquals(body, '{"code":"InvalidContainerConfiguration"}');
  });
});

Deno.test("startPlatform() serves no host's plugin unless it is told where", async () => {
  const address = { hostname: "127.0.0.1", port: 0 };
  const platform = await startPlatform({ wireserver: address, imds: address });
  assertEquals(platform.hostPlugin, undefined);
  await platform.shutdown();
});

Deno.test("startPlatform() leaves nothing open where the host's plugin cannot listen", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { hostname: "127.0.0.1", port: 0 };
  await assertRejects(
    () =>
      startPlatform({
        wireserver: address,
        imds: address,
        hostPlugin: { hostname: "127.0.0.1", port: taken.addr.port },
      }),
    Deno.errors.AddrInUse,
  );
});
