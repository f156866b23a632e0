import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  formatEvent,
  formatVerdict,
  type PlatformEvent,
  startPlatform,
} from "../../lib/simulator/mod.ts";
import {
  getGoalState,
  getMetadata,
  METADATA,
  notReady,
  postHealth,
  report,
  withPlatform,
  writeAll,
} from "./raw_http.ts";

Deno.test("startPlatform() hands out every event as it happens", async () => {
  const seen: PlatformEvent[] = [];
  await withPlatform(
    { onEvent: (event) => seen.push(event) },
    async (platform) => {
      await getMetadata(platform);
      await postHealth(platform);
      assertEquals(seen, platform.events);
      const [metadata, health] = seen;
      assertEquals([metadata?.service, metadata?.method, metadata?.target], [
        "imds",
        "GET",
        METADATA,
      ]);
      assertEquals(metadata?.headers["metadata"], "true");
      assertEquals([health?.service, health?.status, health?.body], [
        "wireserver",
        200,
        report(),
      ]);
      assert((health?.elapsedMs ?? -1) >= (metadata?.elapsedMs ?? 0));
    },
  );
});

Deno.test("startPlatform() is ready only when the answer is out, and can be shut down then", async () => {
  await withPlatform({}, async (platform) => {
    const answer = postHealth(platform);
    await platform.ready;
    await platform.shutdown();
    assertEquals((await answer).status, 200);
  });
});

Deno.test("startPlatform() closes open connections when it is shut down, and may be twice", async () => {
  // Nobody else takes a port of this address once it is free.
  const imds = { hostname: "127.0.53.7", port: 0 };
  await withPlatform({ imds }, async (platform) => {
    using idle = await Deno.connect(platform.wireserver);
    using partial = await Deno.connect(platform.imds);
    await writeAll(partial, "GET /");
    await getGoalState(platform);
    await platform.shutdown();
    await platform.shutdown();
    assertEquals(await idle.read(new Uint8Array(1)), null);
    await assertRejects(
      () => Deno.connect(platform.imds),
      Deno.errors.ConnectionRefused,
    );
  });
});

Deno.test("startPlatform() survives a client that goes without reading its answer", async () => {
  await withPlatform({}, async (platform) => {
    const connection = await Deno.connect(platform.wireserver);
    await writeAll(
      connection,
      "GET /?comp=versions HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    connection.close();
    assertEquals((await getGoalState(platform)).status, 200);
  });
});

Deno.test("startPlatform() rejects when a port is taken, and leaves nothing open", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const free = { hostname: "127.0.0.1", port: 0 };
  await assertRejects(
    () =>
      startPlatform({
        wireserver: free,
        imds: { hostname: "127.0.0.1", port: taken.addr.port },
      }),
    Deno.errors.AddrInUse,
  );
});

Deno.test("verdict() tells the whole story of a first boot", async () => {
  await withPlatform({ computerName: "host" }, async (platform) => {
    assertEquals(platform.verdict(), {
      ready: false,
      hostNameAskedFor: "host",
      metadataServed: false,
      requests: 0,
      refused: 0,
      refusals: [],
    });
    await getMetadata(platform);
    await getGoalState(platform, { headers: { "x-ms-version": undefined } });
    await postHealth(platform, {
      body: report({ health: notReady("ProvisioningFailed", "no\nluck") }),
    });
    await postHealth(platform);
    const { readyAfterMs = -1, agents, ...rest } = platform.verdict();
    assertEquals(agents?.map(({ agent }) => agent), ["", "test"]);
    assert(readyAfterMs >= 0);
    assertEquals(rest, {
      ready: true,
      readyBy: "health",
      notReady: { subStatus: "ProvisioningFailed", description: "no\nluck" },
      notReadyBy: "health",
      hostNameAskedFor: "host",
      metadataServed: true,
      requests: 4,
      refused: 1,
      refusals: ['Header "x-ms-version" is missing'],
    });
  });
});

Deno.test("verdict() falls back from the computer name to the VM's name", async () => {
  await withPlatform({ computerName: "", vmName: "vm" }, (platform) => {
    assertEquals(platform.verdict().hostNameAskedFor, "vm");
  });
  await withPlatform({ computerName: "", vmName: "" }, (platform) => {
    assertEquals(platform.verdict().hostNameAskedFor, undefined);
  });
});

Deno.test("formatVerdict() writes a few plain lines", () => {
  const counts = {
    requests: 5,
    refused: 1,
    refusals: ['Header "Host" is missing'],
  };
  assertEquals(
    formatVerdict({
      ready: true,
      readyAfterMs: 17,
      readyBy: "health",
      hostNameAskedFor: "host",
      metadataServed: true,
      ...counts,
    }),
    `Ready: yes, after 17 ms, as XML
Host name asked for: "host"
Metadata served: yes
Requests: 5, refused: 1
Refused: Header "Host" is missing
`,
  );
  assertEquals(
    formatVerdict({
      ready: false,
      notReady: { subStatus: "ProvisioningFailed", description: "no\nluck" },
      notReadyBy: "health-json",
      hostNameAskedFor: undefined,
      metadataServed: false,
      requests: 0,
      refused: 0,
      refusals: [],
    }),
    `Ready: no
Not ready: ProvisioningFailed, "no\\nluck", as JSON
Host name asked for: none
Metadata served: no
Requests: 0, refused: 0
`,
  );
});

const EVENT: PlatformEvent = {
  elapsedMs: 1,
  service: "wireserver",
  localAddress: "127.0.0.1",
  method: "POST",
  target: "/machine?comp=health",
  headers: {},
  body: "",
  status: 200,
  served: true,
};

const LINES: Readonly<Record<string, Partial<PlatformEvent>>> = {
  "POST /machine?comp=health -> 200": {},
  "POST /machine?comp=health -> 200 (Ready)": { health: { state: "Ready" } },
  'POST /machine?comp=health -> 200 (NotReady, Provisioning, "a\\nb")': {
    health: {
      state: "NotReady",
      subStatus: "Provisioning",
      description: "a\nb",
    },
  },
  'POST /machine?comp=health -> 410 (stale incarnation "41", current is "42")':
    {
      status: 410,
      refusal: 'Stale incarnation "41", current is "42"',
    },
  "POST /machine?comp=health -> no answer (fault hang)": {
    status: undefined,
    fault: "hang",
  },
  "POST /provisioning/health -> 201 (Ready, as JSON)": {
    target: "/provisioning/health",
    kind: "health-json",
    status: 201,
    health: { state: "Ready" },
  },
  "POST /machine?comp=health -> 429 (throttled)": {
    status: 429,
    throttled: true,
  },
  "malformed request -> 400 (fault-free)": {
    method: "",
    target: "",
    status: 400,
    refusal: "Fault-free",
  },
};

for (const [line, changes] of Object.entries(LINES)) {
  Deno.test(`formatEvent() writes ${line}`, () => {
    assertEquals(formatEvent({ ...EVENT, ...changes }), line);
  });
}
