import { assertEquals } from "@std/assert";
import type { PlatformOptions } from "../../lib/simulator/mod.ts";
import {
  getMetadata,
  METADATA,
  type RequestChanges,
  withPlatform,
} from "./raw_http.ts";

Deno.test("startPlatform() serves the metadata as JSON in the shape of IMDS", async () => {
  const options = {
    computerName: "host",
    vmName: "vm_0",
    vmId: "id",
    adminUsername: "ada",
    publicKeys: ["ssh-ed25519 AAAA"],
    disablePasswordAuthentication: false,
    userData: "aGk=",
  };
  await withPlatform(options, async (platform) => {
    const { status, headers, body } = await getMetadata(platform);
    assertEquals(status, 200);
    assertEquals(headers["content-type"], "application/json; charset=utf-8");
    const { compute, network } = JSON.parse(body);
    assertEquals([compute.name, compute.vmId], ["vm_0", "id"]);
    assertEquals(compute.osProfile, {
      adminUsername: "ada",
      computerName: "host",
      disablePasswordAuthentication: "false",
    });
    assertEquals(compute.publicKeys, [{
      keyData: "ssh-ed25519 AAAA",
      path: "/home/ada/.ssh/authorized_keys",
    }]);
    assertEquals(compute.userData, "aGk=");
    assertEquals(network.interface.length, 1);
  });
});

Deno.test("startPlatform() names no user where none is given", async () => {
  await withPlatform({}, async (platform) => {
    const { compute } = JSON.parse((await getMetadata(platform)).body);
    assertEquals(compute.osProfile.adminUsername, "");
    assertEquals(compute.osProfile.disablePasswordAuthentication, "true");
    assertEquals([compute.publicKeys, compute.userData], [[], ""]);
  });
});

Deno.test("startPlatform() takes Metadata in capitals and format=json", async () => {
  await withPlatform({}, async (platform) => {
    const changes = {
      target: `${METADATA}&format=json`,
      headers: { Metadata: "TRUE" },
    };
    assertEquals((await getMetadata(platform, changes)).status, 200);
  });
});

const WITHOUT_OS_PROFILE: Readonly<
  Record<string, [Partial<PlatformOptions>, RequestChanges]>
> = {
  "before 2020-07-15": [{}, {
    target: "/metadata/instance?api-version=2020-06-01",
  }],
  "of a VM without a computer name": [{ computerName: "" }, {}],
};

for (const [what, [options, changes]] of Object.entries(WITHOUT_OS_PROFILE)) {
  Deno.test(`startPlatform() serves metadata ${what} without osProfile`, async () => {
    await withPlatform(options, async (platform) => {
      const { status, body } = await getMetadata(platform, changes);
      assertEquals(status, 200);
      assertEquals(JSON.parse(body).compute.osProfile, undefined);
      assertEquals(JSON.parse(body).compute.name, "simulated-vm");
    });
  });
}

Deno.test("startPlatform() serves osProfile from 2020-07-15 on", async () => {
  await withPlatform({}, async (platform) => {
    const target = "/metadata/instance?api-version=2020-07-15";
    const { body } = await getMetadata(platform, { target });
    assertEquals(
      JSON.parse(body).compute.osProfile.computerName,
      "simulated-vm",
    );
  });
});

Deno.test("startPlatform() serves the leaves as text", async () => {
  await withPlatform({ vmName: "vm_0", vmId: "id" }, async (platform) => {
    for (const [leaf, value] of [["name", "vm_0"], ["vmId", "id"]]) {
      const target =
        `/metadata/instance/compute/${leaf}?api-version=2019-06-01&format=text`;
      const { status, headers, body } = await getMetadata(platform, { target });
      assertEquals([status, body], [200, value]);
      assertEquals(headers["content-type"], "text/plain; charset=utf-8");
    }
  });
});

Deno.test("startPlatform() lists the newest versions when the api-version is unknown", async () => {
  await withPlatform({}, async (platform) => {
    for (
      const target of [
        "/metadata/instance?api-version=2021-08-02",
        "/metadata/instance",
      ]
    ) {
      const { status, body } = await getMetadata(platform, { target });
      assertEquals(status, 400);
      assertEquals(JSON.parse(body)["newest-versions"], [
        "2025-04-07",
        "2024-07-17",
        "2024-03-15",
      ]);
    }
  });
});

interface RefusedRequest extends RequestChanges {
  readonly status: number;
  readonly refusal: string;
}

const REFUSED: Readonly<Record<string, RefusedRequest>> = {
  "without Metadata": {
    headers: { Metadata: undefined },
    status: 400,
    refusal: 'Header "Metadata" is missing',
  },
  "with another Metadata": {
    headers: { Metadata: "false" },
    status: 400,
    refusal: 'Header "Metadata" is "false", not "true"',
  },
  "with X-Forwarded-For": {
    headers: { "X-Forwarded-For": "127.0.0.1" },
    status: 400,
    refusal: 'Header "X-Forwarded-For" is not allowed, it is "127.0.0.1"',
  },
  "with a body": {
    headers: { "Content-Length": "1" },
    body: "x",
    status: 400,
    refusal: 'Body of "1" bytes is not allowed here',
  },
  "without an api-version": {
    target: "/metadata/instance?extended=true",
    status: 400,
    refusal: 'Parameter "api-version" is missing',
  },
  "with an unknown api-version": {
    target: "/metadata/instance?api-version=2021-08-02",
    status: 400,
    refusal: 'Parameter "api-version" is "2021-08-02", which is unknown',
  },
  "with two api-versions": {
    target: `${METADATA}&api-version=2019-06-01`,
    status: 400,
    refusal: 'Parameter "api-version" is repeated',
  },
  "with an unknown parameter": {
    target: `${METADATA}&recursive=true`,
    status: 400,
    refusal: 'Parameter "recursive" is unknown',
  },
  "with a strange extended": {
    target: "/metadata/instance?api-version=2021-08-01&extended=1",
    status: 400,
    refusal: 'Parameter "extended" is "1", not "true" or "false"',
  },
  "as text of what is no leaf": {
    target: `${METADATA}&format=text`,
    status: 400,
    refusal: 'Parameter "format" is "text", not "json"',
  },
  "as JSON of a leaf": {
    target: "/metadata/instance/compute/name?api-version=2021-08-01",
    status: 400,
    refusal: 'Parameter "format" is "json", not "text"',
  },
  "on an unknown path": {
    target: "/metadata/instances",
    status: 404,
    refusal: 'Path "/metadata/instances" is unknown',
  },
  "with another method": {
    method: "PUT",
    status: 405,
    refusal: 'Method "PUT" is not "GET"',
  },
};

for (const [what, { status, refusal, ...changes }] of Object.entries(REFUSED)) {
  Deno.test(`startPlatform() refuses a metadata request ${what} with a JSON error`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = await getMetadata(platform, changes);
      assertEquals(answer.status, status);
      assertEquals(typeof JSON.parse(answer.body).error, "string");
      assertEquals(platform.verdict().refusals, [refusal]);
      assertEquals(platform.verdict().metadataServed, false);
    });
  });
}
