import { assert, assertEquals, assertMatch } from "@std/assert";
import { run } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { getMetadata, withPlatform } from "./raw_http.ts";

/** The target below /metadata, and the answer's status and body. */
const ANSWERS: Readonly<Record<string, [string, number, unknown]>> = {
  "there are no scheduled events": [
    "/scheduledevents?api-version=2020-07-01",
    200,
    { DocumentIncarnation: 1, Events: [] },
  ],
  "scheduled events do not know the instance's versions": [
    "/scheduledevents?api-version=2021-08-01",
    404,
    { error: "Not found" },
  ],
  "there is no identity": [
    "/identity?api-version=2021-08-01",
    404,
    { error: "Not Found" },
  ],
  "there is no token for an identity": [
    "/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net",
    400,
    { error: "invalid_request", error_description: "Identity not found" },
  ],
  "a token is for a resource": [
    "/identity/oauth2/token?api-version=2018-02-01",
    400,
    {
      error: "invalid_request",
      error_description: "Required query variable 'resource' is missing",
    },
  ],
  "there is nothing to know of an identity": [
    "/identity/info?api-version=2018-02-01",
    400,
    { error: "invalid_request", error_description: "Identity not found" },
  ],
  "there is no load balancer": [
    "/loadbalancer?api-version=2020-10-01",
    404,
    {
      error:
        "No load balancer metadata is found. Please check if your VM is using any non-basic SKU load balancer and retry later.",
    },
  ],
  "there is no owner yet whom a VM could be provisioned for again": [
    "/reprovisiondata?api-version=2019-06-01",
    404,
    { error: "Not found" },
  ],
};

for (const [what, [target, status, body]] of Object.entries(ANSWERS)) {
  Deno.test(`IMDS says that ${what}, which is no refusal`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = await getMetadata(platform, {
        target: `/metadata${target}`,
      });
      assertEquals([answer.status, JSON.parse(answer.body)], [status, body]);
      assertEquals(platform.verdict().refusals, []);
      assertEquals(platform.verdict().metadataServed, false);
    });
  });
}

Deno.test("IMDS lists its versions to a request without one", async () => {
  await withPlatform({}, async (platform) => {
    const target = "/metadata/versions";
    const { apiVersions } = JSON.parse(
      (await getMetadata(platform, { target })).body,
    );
    assertEquals(apiVersions[0], "2017-03-01");
    assertEquals(apiVersions.at(-1), "2025-04-07");
    assertEquals(apiVersions.toSorted(), apiVersions);
  });
});

const REFUSED = [
  "/metadata/versions?api-version=2021-08-01",
  "/metadata/scheduledevents",
  "/metadata/loadbalancer?api-version=latest",
  "/metadata/identity/info?api-version=1",
  "/metadata/attested/document",
  "/metadata/attested/document?api-version=2021-08-01&nonce=a%20b",
  "/metadata/attested/document?api-version=2021-08-01&nonce=1&nonce=2",
];

for (const target of REFUSED) {
  Deno.test(`IMDS refuses ${target}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await getMetadata(platform, { target })).status, 400);
      assertEquals(platform.verdict().refused, 1);
    });
  });
}

for (const target of ["/metadata", "/metadata/", "/metadata/attested"]) {
  Deno.test(`IMDS does not know ${target}`, async () => {
    await withPlatform({}, async (platform) => {
      assertEquals((await getMetadata(platform, { target })).status, 404);
    });
  });
}

Deno.test("every category wants the header Metadata", async () => {
  await withPlatform({}, async (platform) => {
    for (
      const category of [
        "versions",
        "attested/document",
        "identity",
        "loadbalancer",
        "scheduledevents",
      ]
    ) {
      const { status, body } = await getMetadata(platform, {
        target: `/metadata/${category}`,
        headers: { Metadata: undefined },
      });
      assertEquals(status, 400);
      assertMatch(body, /Required metadata header not specified/);
    }
  });
});

Deno.test({
  name:
    "the attested document is PKCS #7 that says what VM this is, and that nobody has signed",
  ignore: missingProgram(["openssl"]) !== undefined,
  fn: attested,
});

async function attested(): Promise<void> {
  await using dir = await tempDir();
  const options = { vmId: "id-1", fields: { sku: "12-gen2" } };
  await withPlatform(options, async (platform) => {
    const { body } = await getMetadata(platform, {
      target:
        "/metadata/attested/document?api-version=2021-08-01&nonce=1234567890",
    });
    const { encoding, signature } = JSON.parse(body);
    assertEquals(encoding, "pkcs7");
    const bytes = Uint8Array.from(atob(signature), (it) => it.charCodeAt(0));
    await Deno.writeFile(`${dir.path}/pkcs7`, bytes);
    const verify = (...more: string[]) =>
      run("openssl", [
        ...["cms", "-verify", "-noverify", "-inform", "DER"],
        ...["-in", `${dir.path}/pkcs7`, ...more],
      ]);
    const believed = await verify("-no_signer_cert_verify", "-no_attr_verify");
    assert(believed.code !== 0, "nobody has signed it");
    const print = await run("openssl", [
      ...["cms", "-cmsout", "-print", "-inform", "DER"],
      ...["-in", `${dir.path}/pkcs7`],
    ]);
    assertEquals(print.code, 0, print.stderr);
    assertMatch(print.stdout, /signerInfos:\s*<EMPTY>/);
    const text = new TextDecoder("latin1").decode(bytes);
    const document = JSON.parse(/\{.*\}/s.exec(text)![0]);
    assertEquals([document.vmId, document.nonce, document.sku], [
      "id-1",
      "1234567890",
      "12-gen2",
    ]);
    assertMatch(
      document.timeStamp.createdOn,
      /^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d -0000$/,
    );
  });
}
