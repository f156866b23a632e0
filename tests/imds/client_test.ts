import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { fetchInstance } from "../../lib/imds/client.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import { testPlatform } from "../helpers/platform.ts";
import { rawServer } from "../helpers/raw_server.ts";
import { testContext } from "../helpers/test_context.ts";

const ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const VM = {
  computerName: "host",
  vmName: "vm_0",
  vmId: "1D000000-0000-4000-8000-000000000001",
  adminUsername: "ada",
  publicKeys: ["ssh-rsa A", "ssh-rsa B\r\n"],
  userData: "aGVsbG8=",
};
const INSTANCE = {
  vmId: "1D000000-0000-4000-8000-000000000001",
  computerName: "host",
  name: "vm_0",
  adminUsername: "ada",
  disablePasswordAuthentication: true,
  publicKeys: ["ssh-rsa A", "ssh-rsa B\r\n"],
  userData: "aGVsbG8=",
  hasCustomData: false,
};
const TARGET = "/metadata/instance?api-version=2021-08-01&extended=true";
const NAME_LEAF =
  "/metadata/instance/compute/name?api-version=2019-06-01&format=text";
const VM_ID_LEAF =
  "/metadata/instance/compute/vmId?api-version=2019-06-01&format=text";

function answer(status: string, body = ""): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** What each connection asked for, the first ones first; leaves come in any order. */
function targets(requests: readonly string[]): string[] {
  return requests.map((request) => request.split(" ")[1] ?? "");
}

Deno.test("fetchInstance() asks exactly as the platform wants it", async () => {
  await using test = await testPlatform(VM);
  const context = testContext();
  assertEquals(await fetchInstance(test.platform.imds, context), INSTANCE);
  assertEquals(test.platform.events.length, 1);
  const { method, target, headers, served } = test.platform.events[0]!;
  assertEquals(`${method} ${target}`, `GET ${TARGET}`);
  assertEquals(headers, {
    "host": `127.0.0.1:${test.platform.imds.port}`,
    "metadata": "true",
    "accept-encoding": "identity",
    "connection": "close",
  });
  assert(served);
});

for (
  const fault of [
    "404",
    "410",
    "429",
    "500",
    "503",
    "reset",
    "truncated",
    "html",
    "empty-body",
  ]
) {
  Deno.test(`fetchInstance() tries again after the fault ${fault}`, async () => {
    await using test = await testPlatform(VM, [`${fault}@metadata=2`]);
    const context = testContext();
    assertEquals(await fetchInstance(test.platform.imds, context), INSTANCE);
    assertEquals(test.platform.events.length, 3);
    assertEquals(
      context.log.lines.filter((line) =>
        /^warn: Try [12] to get the instance metadata from 127\.0\.0\.1:\d+ failed: /
          .test(line)
      ).length,
      2,
    );
  });
}

Deno.test("fetchInstance() waits for all of the Retry-After of a 429", async () => {
  await using test = await testPlatform(VM, ["429@metadata=1"]);
  const context = testContext();
  await fetchInstance(test.platform.imds, context);
  assertEquals(context.clock.waits, [1000 + 0.5 * 4000]);
});

Deno.test("fetchInstance() takes the leaves from a platform that does not know the version", async () => {
  await using test = await testPlatform(VM, ["old-metadata"]);
  const context = testContext();
  assertEquals(await fetchInstance(test.platform.imds, context), {
    vmId: "1D000000-0000-4000-8000-000000000001",
    name: "vm_0",
  });
  const asked = test.platform.events.map(({ target }) => target);
  assertEquals(asked[0], TARGET);
  assertEquals(asked.slice(1).sort(), [NAME_LEAF, VM_ID_LEAF]);
  assertEquals(context.clock.waits, []);
  assert(
    context.log.lines.includes(
      "info: The platform does not know this version of the instance metadata, asking for an older one",
    ),
  );
});

for (const status of ["400 Bad Request", "404 Not Found"]) {
  Deno.test(`fetchInstance() does without the VM's id if its leaf answers ${status}`, async () => {
    await using server = leafServer({
      name: answer("200 OK", "vm"),
      vmId: answer(status),
    });
    assertEquals(await fetchInstance(server.endpoint, testContext()), {
      name: "vm",
    });
  });
}

Deno.test("fetchInstance() starts over if a leaf fails for now", async () => {
  await using server = leafServer({
    name: answer("200 OK", "vm"),
    vmId: answer("503 Busy"),
  });
  const error = await assertRejects(
    () => fetchInstance(server.endpoint, testContext(200)),
    CallError,
    "503 Busy",
  );
  assertEquals(error.exitCode, ExitCode.gaveUp);
  assertEquals(
    targets(server.requests).filter((target) => target === TARGET).length,
    2,
  );
});

Deno.test("fetchInstance() gives up soon if the name's leaf is refused as well", async () => {
  await using server = rawServer(answer("400 Bad Request"));
  const context = testContext();
  const error = await assertRejects(
    () => fetchInstance(server.endpoint, context),
    CallError,
    "400 Bad Request",
  );
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(context.clock.waits, [375, 750]);
});

Deno.test("fetchInstance() takes blanks off a leaf", async () => {
  await using server = leafServer({
    name: answer("200 OK", " vm\r\n"),
    vmId: answer("200 OK", `${ID}\n`),
  });
  assertEquals(await fetchInstance(server.endpoint, testContext()), {
    name: "vm",
    vmId: ID,
  });
});

Deno.test("fetchInstance() takes a body with a byte order mark", async () => {
  const body = '\ufeff{"compute": {"name": "vm"}}';
  const length = new TextEncoder().encode(body).length;
  await using server = rawServer(
    `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
  assertEquals(await fetchInstance(server.endpoint, testContext()), {
    name: "vm",
  });
});

for (
  const [fault, exitCode, key] of [
    ["refuse", ExitCode.unreachable, "metadata_unavailable"],
    ["hang", ExitCode.unreachable, "metadata_unavailable"],
    ["404", ExitCode.gaveUp, "metadata_unavailable"],
    ["302", ExitCode.gaveUp, "metadata_unavailable"],
    ["html", ExitCode.badData, "metadata_invalid"],
  ] as const
) {
  Deno.test(`fetchInstance() ends with ${exitCode} and ${key} where the fault ${fault} stays`, async () => {
    await using test = await testPlatform(VM, [`${fault}@metadata`]);
    const error = await assertRejects(
      () => fetchInstance(test.platform.imds, testContext(150)),
      CallError,
    );
    assertEquals(error.exitCode, exitCode);
    assertEquals(error.key, key);
    assertStringIncludes(
      error.message,
      `Cannot get the instance metadata from 127.0.0.1:${test.platform.imds.port}: `,
    );
  });
}

Deno.test("fetchInstance() refuses metadata over 256 KiB", async () => {
  await using server = rawServer(
    "HTTP/1.1 200 OK\r\nContent-Length: 262145\r\n\r\n",
  );
  await assertRejects(
    () => fetchInstance(server.endpoint, testContext(150)),
    CallError,
    "over 262144 bytes",
  );
});

/** A platform that knows the leaves alone; the two come in any order. */
function leafServer(
  leaves: Readonly<Record<"name" | "vmId", string>>,
): ReturnType<typeof rawServer> {
  return rawServer((request) => {
    if (request.includes("/compute/name?")) return leaves.name;
    if (request.includes("/compute/vmId?")) return leaves.vmId;
    return answer("400 Bad Request");
  });
}
