import { assert, assertEquals } from "@std/assert";
import type { Platform } from "../../lib/simulator/mod.ts";
import { API_VERSIONS } from "../../lib/simulator/imds_versions.ts";
import { getMetadata, type RawAnswer, withPlatform } from "./raw_http.ts";

const NEWEST = "2025-04-07";

const VM = {
  tags: { Role: "web", "a:b": "c;d" },
  publicKeys: ["ssh-ed25519 AAAA"],
  adminUsername: "ada",
  userData: "aGk=",
  fields: { zone: "2", "plan.name": "free" },
  ppsType: "Running",
};

async function walk(
  platform: Platform,
  path: string,
  query = `api-version=${NEWEST}`,
): Promise<RawAnswer> {
  const target = `/metadata/instance${path}?${query}`;
  return await getMetadata(platform, { target });
}

/** Every path below a node, with what is there. */
function pathsOf(node: unknown, path = ""): [string, unknown][] {
  const below = typeof node === "object" && node !== null
    ? Object.entries(node).flatMap(([key, child]) =>
      pathsOf(child, `${path}/${key}`)
    )
    : [];
  return [[path, node], ...below];
}

Deno.test("IMDS serves every node of its document as JSON, and every leaf as text", async () => {
  await withPlatform(VM, async (platform) => {
    const paths = pathsOf(JSON.parse((await walk(platform, "")).body));
    assert(paths.length > 100, `${paths.length}`);
    for (const [path, node] of paths) {
      const isLeaf = typeof node !== "object";
      const [right, wrong] = isLeaf ? ["text", "json"] : ["json", "text"];
      const query = `api-version=${NEWEST}&format=`;
      const { status, headers, body } = await walk(
        platform,
        path,
        `${query}${right}`,
      );
      assertEquals(status, 200, path);
      assertEquals(isLeaf ? body : JSON.parse(body), node, path);
      assertEquals(
        headers["content-type"],
        isLeaf
          ? "text/plain; charset=utf-8"
          : "application/json; charset=utf-8",
      );
      const other = await walk(platform, path, `${query}${wrong}`);
      assertEquals(other.status, 400, path);
    }
  });
});

const FOUND: Readonly<Record<string, string>> = {
  "/compute/vmSize": "Standard_B1s",
  "/compute/zone": "2",
  "/compute/plan/name": "free",
  "/compute/tags": "Role:web;a:b:c;d",
  "/compute/tagsList/1/value": "c;d",
  "/compute/publicKeys/0/keyData": "ssh-ed25519 AAAA",
  "/compute/publicKeys/0/path": "/home/ada/.ssh/authorized_keys",
  "/compute/osProfile/adminUsername": "ada",
  "/compute/userData": "aGk=",
  "/compute/customData": "",
  "/network/interface/0/macAddress": "000D3A123456",
  "/network/interface/0/ipv4/ipAddress/0/privateIpAddress": "10.0.0.4",
  "/network/interface/0/ipv4/subnet/0/prefix": "24",
};

for (const [path, text] of Object.entries(FOUND)) {
  Deno.test(`IMDS has ${JSON.stringify(text)} at ${path}`, async () => {
    await withPlatform(VM, async (platform) => {
      const query = `api-version=${NEWEST}&format=text`;
      assertEquals((await walk(platform, path, query)).body, text);
    });
  });
}

for (const path of ["", "/compute", "/network/interface/0"]) {
  Deno.test(`IMDS takes a slash at the end of /instance${path}`, async () => {
    await withPlatform(VM, async (platform) => {
      const [with_, without] = [`${path}/`, path];
      assertEquals(
        (await walk(platform, with_)).body,
        (await walk(platform, without)).body,
      );
    });
  });
}

const NOTHING = [
  "/compute/nothing",
  "/compute/vmSize/nothing",
  "/network/interface/1",
  "/network/interface/00",
  "/network/interface/-1",
  "/network/interface/length",
  "/compute/toString",
  "/compute/__proto__",
  "//compute",
  "/Compute",
];

for (const path of NOTHING) {
  Deno.test(`IMDS has nothing at ${path}`, async () => {
    await withPlatform(VM, async (platform) => {
      const { status, body } = await walk(platform, path);
      assertEquals([status, body], [404, '{"error":"Not Found"}']);
    });
  });
}

/** The version that brought a field, and the one before it. */
const SINCE: Readonly<Record<string, readonly [string, string]>> = {
  "/compute/placementGroupId": ["2017-08-01", "2017-04-02"],
  "/compute/zone": ["2017-12-01", "2017-10-01"],
  "/compute/publicKeys": ["2018-04-02", "2018-02-01"],
  "/compute/plan": ["2018-04-02", "2018-02-01"],
  "/compute/provider": ["2018-10-01", "2018-04-02"],
  "/compute/resourceId": ["2019-03-11", "2019-02-01"],
  "/compute/storageProfile": ["2019-06-01", "2019-04-30"],
  "/compute/tagsList": ["2019-06-04", "2019-06-01"],
  "/compute/securityProfile": ["2020-06-01", "2019-11-01"],
  "/compute/osProfile": ["2020-07-15", "2020-06-01"],
  "/compute/osProfile/disablePasswordAuthentication": [
    "2020-10-01",
    "2020-09-01",
  ],
  "/compute/userData": ["2021-01-01", "2020-12-01"],
  "/compute/storageProfile/resourceDisk": ["2021-02-01", "2021-01-01"],
  "/compute/additionalCapabilities": ["2021-11-01", "2021-10-01"],
  "/compute/securityProfile/securityType": ["2021-12-13", "2021-11-15"],
  "/compute/physicalZone": ["2023-11-15", "2023-07-01"],
};

for (const [path, [since, before]] of Object.entries(SINCE)) {
  Deno.test(`IMDS has ${path} from ${since} on, and not in ${before}`, async () => {
    await withPlatform(VM, async (platform) => {
      const status = async (version: string) => {
        const answers = await Promise.all(
          ["json", "text"].map((format) =>
            walk(platform, path, `api-version=${version}&format=${format}`)
          ),
        );
        return Math.min(...answers.map((answer) => answer.status));
      };
      assertEquals([await status(since), await status(before)], [200, 404]);
      const whole = await walk(platform, "", `api-version=${before}`);
      const found = pathsOf(JSON.parse(whole.body)).map(([at]) => at);
      assertEquals(found.includes(path), false);
    });
  });
}

Deno.test("IMDS loses no field from one version to the next", async () => {
  await withPlatform(VM, async (platform) => {
    let before: string[] = [];
    for (const version of API_VERSIONS.slice(1)) {
      const { body } = await walk(platform, "", `api-version=${version}`);
      const paths = pathsOf(JSON.parse(body)).map(([path]) => path);
      assertEquals(before.filter((path) => !paths.includes(path)), [], version);
      before = paths;
    }
  });
});

Deno.test("IMDS has no instance in its first version, which is for scheduled events", async () => {
  await withPlatform(VM, async (platform) => {
    const { status } = await walk(platform, "", "api-version=2017-03-01");
    assertEquals(status, 404);
  });
});

Deno.test("IMDS has what is extended only if it is asked for", async () => {
  await withPlatform(VM, async (platform) => {
    const query = `api-version=${NEWEST}&extended=true`;
    const { body } = await walk(platform, "/extended", query);
    assertEquals(JSON.parse(body), {
      compute: { hasCustomData: false, ppsType: "Running" },
    });
    assertEquals((await walk(platform, "/extended")).status, 404);
  });
});

Deno.test("IMDS has every value as text, as is documented", async () => {
  await withPlatform(VM, async (platform) => {
    const { body } = await walk(platform, "");
    for (const [path, node] of pathsOf(JSON.parse(body))) {
      assert(["object", "string"].includes(typeof node), path);
    }
  });
});
