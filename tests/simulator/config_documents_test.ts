import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/xml/parse";
import {
  parseFault,
  type Platform,
  type PlatformOptions,
} from "../../lib/simulator/mod.ts";
import {
  configRequest,
  exchange,
  getGoalState,
  parseAnswer,
  type RawAnswer,
  type RequestChanges,
  withPlatform,
} from "./raw_http.ts";

async function getConfig(
  platform: Platform,
  query: string,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  const request = configRequest(query, changes);
  return parseAnswer(await exchange(platform.wireserver, request));
}

/** The links of a goal state, by their elements. */
function linksOf(goalState: string): ReadonlyMap<string, URL> {
  return new Map(
    [...goalState.matchAll(/<(\w+)>(http:[^<]*)</g)].map((
      [, name, link],
    ) => [name!, new URL(link!.replaceAll("&amp;", "&"))]),
  );
}

const ROOTS: Readonly<Record<string, string>> = {
  HostingEnvironmentConfig: "HostingEnvironmentConfig",
  SharedConfig: "SharedConfig",
  ExtensionsConfig: "Extensions",
  FullConfig: "FullConfig",
  Certificates: "CertificateFile",
};

/** VMs whose ids ask for escapes. */
const VMS: Readonly<Record<string, Partial<PlatformOptions>>> = {
  "of the usual ids": {},
  "of an instance id without a dot": { instanceId: "instance-1_a" },
  "of ids that XML and URLs escape": {
    containerId: `<c>&"'/?#% \u00e9`,
    instanceId: `<i>.&"'/?#% \u00e9--__`,
  },
};

for (const [what, options] of Object.entries(VMS)) {
  Deno.test(`every URL in the goal state ${what} answers with the document that it names`, async () => {
    await withPlatform(options, async (platform) => {
      const { hostname, port } = platform.wireserver;
      const { body } = await getGoalState(platform, {
        headers: { Host: `${hostname}:${port}` },
      });
      const links = linksOf(body);
      assertEquals([...links.keys()], Object.keys(ROOTS));
      for (const [element, { host, pathname, search }] of links) {
        assertEquals(host, `${hostname}:${port}`);
        const target = `${pathname}${search}`;
        const answer = await getConfig(platform, "", { target });
        assertEquals(answer.status, 200, element);
        assertEquals(answer.headers["content-type"], "text/xml; charset=utf-8");
        assertEquals(
          parse(answer.body).root.name.local,
          ROOTS[element],
        );
      }
      assertEquals(platform.verdict().refusals, []);
    });
  });
}

Deno.test("the URLs in the goal state escape hyphens and underscores as Azure's do", async () => {
  await withPlatform({}, async (platform) => {
    const { body } = await getGoalState(platform);
    assert(
      body.includes(
        "<SharedConfig>http://127.0.0.1:80/machine/7b324f53-983a-43bc-b919-1775d6077608/fbb84507%2D46cd%2D4f4e%2Dbd78%2Da2edaa9d059b.%5Fdemo1?comp=config&amp;type=sharedConfig&amp;incarnation=42</SharedConfig>",
      ),
      body,
    );
  });
});

for (const host of ["<x>", "a b", "a:b:c", "evil/"]) {
  Deno.test(`the URLs in the goal state have Azure's address where the request's host is ${host}`, async () => {
    await withPlatform({}, async (platform) => {
      const { body } = await getGoalState(platform, {
        headers: { Host: host },
      });
      assert(body.includes("<SharedConfig>http://168.63.129.16:80/machine/"));
    });
  });
}

Deno.test("the documents name the VM, its deployment and its address", async () => {
  const options = {
    instanceId: "dep-1._vm",
    cards: [{
      mac: "000D3A000001",
      ipv4: [{ address: "10.9.8.7", publicAddress: "", prefix: 24 }],
      ipv6: [],
    }],
  };
  await withPlatform(options, async (platform) => {
    const body = async (type: string) => {
      const target =
        `/machine/7b324f53-983a-43bc-b919-1775d6077608/dep-1._vm?comp=config&type=${type}&incarnation=42`;
      return (await getConfig(platform, "", { target })).body;
    };
    const hosting = await body("hostingEnvironmentConfig");
    assertMatch(hosting, /<Incarnation number="42" instance="_vm"/);
    assertMatch(hosting, /<Role guid="[^"]+" name="_vm"/);
    assertMatch(hosting, /<Deployment name="dep-1"/);
    assertMatch(
      await body("sharedConfig"),
      /<Instance id="_vm" address="10\.9\.8\.7">/,
    );
  });
});

Deno.test("the certificates of a VM without any have the form and no data", async () => {
  await withPlatform({}, async (platform) => {
    const { body } = await getConfig(platform, "comp=certificates");
    assertMatch(body, /<Format>Pkcs7BlobWithPfxContents<\/Format>/);
    assertEquals(body.includes("<Data"), false);
  });
});

Deno.test("the status of a VM is uploaded to a host that cannot exist", async () => {
  await withPlatform({}, async (platform) => {
    const { body } = await getConfig(
      platform,
      "comp=config&type=extensionsConfig",
    );
    assertMatch(body, /<StatusUploadBlob [^>]*>https:\/\/[^/]*\.invalid\//);
  });
});

const SHARED = "comp=config&type=sharedConfig";

const REFUSED: Readonly<
  Record<string, { query?: string; changes?: RequestChanges; status: number }>
> = {
  "of another incarnation": {
    changes: {
      target:
        `/machine/7b324f53-983a-43bc-b919-1775d6077608/fbb84507%2D46cd%2D4f4e%2Dbd78%2Da2edaa9d059b.%5Fdemo1?${SHARED}&incarnation=41`,
    },
    status: 410,
  },
  "with a second question mark": {
    changes: {
      target:
        `/machine/7b324f53-983a-43bc-b919-1775d6077608/fbb84507%2D46cd%2D4f4e%2Dbd78%2Da2edaa9d059b.%5Fdemo1?${SHARED}&incarnation=42?x`,
    },
    status: 410,
  },
  "of another VM": {
    changes: { target: `/machine/other/vm?${SHARED}&incarnation=42` },
    status: 404,
  },
  "of another type": { query: "comp=config&type=otherConfig", status: 404 },
  "without x-ms-version": {
    changes: { headers: { "x-ms-version": undefined } },
    status: 400,
  },
  "posted": {
    changes: { method: "POST", headers: { "Content-Length": "0" } },
    status: 405,
  },
};

for (const [what, { query, changes, status }] of Object.entries(REFUSED)) {
  Deno.test(`startPlatform() refuses a request for a document ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = await getConfig(platform, query ?? SHARED, changes);
      assertEquals(answer.status, status);
      assertEquals(platform.verdict().refused, 1);
    });
  });
}

Deno.test("a document of an incarnation that has moved on is gone", async () => {
  const options = { faults: [parseFault("moving-incarnation@goal-state=1")] };
  await withPlatform(options, async (platform) => {
    await getGoalState(platform);
    assertEquals((await getConfig(platform, SHARED)).status, 410);
  });
});
