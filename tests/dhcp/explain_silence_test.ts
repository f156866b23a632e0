import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explainSilence } from "../../lib/dhcp/explain_silence.ts";
import { CallError } from "../../lib/http/retry.ts";
import { bytesOf } from "./_leases.ts";
import { rootWith } from "./_root.ts";

const AZURE = { hostname: "168.63.129.16", port: 80 };
const SILENT = new CallError("Cannot get it; check", {
  key: "goal_state_unavailable",
  failure: { kind: "network", message: "Connection refused" },
});

async function explained(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<CallError> {
  await using root = await rootWith(files);
  const error = await explainSilence(SILENT, AZURE, root.path);
  assert(error instanceof CallError);
  assertEquals([error.key, error.exitCode], [SILENT.key, SILENT.exitCode]);
  assert(error.message.startsWith(`${SILENT.message}; `));
  return error;
}

Deno.test("a silent WireServer is explained by a DHCP server that names another", async () => {
  const { message } = await explained({
    "/run/systemd/netif/leases/2": await bytesOf("networkd"),
  });
  assertStringIncludes(
    message,
    'the DHCP server names another WireServer, 10.1.2.3 (option 245 in "/run/systemd/netif/leases/2"), which this program does not use: check whether that DHCP server is Azure\'s',
  );
});

Deno.test("a silent WireServer that DHCP names as well is out of reach", async () => {
  const { message } = await explained({
    "/run/systemd/netif/leases/2": "OPTION_245=a83f8110\n",
  });
  assertStringIncludes(
    message,
    "names 168.63.129.16 as well (option 245), so this looks like Azure",
  );
});

Deno.test("a silent WireServer where no lease names one may not be Azure's, and without a lease there may be no network", async () => {
  assertStringIncludes(
    (await explained({ "/run/systemd/netif/leases/2": "ADDRESS=1\n" })).message,
    "so this may not be Azure",
  );
  assertStringIncludes(
    (await explained({})).message,
    "no DHCP lease was found",
  );
});

Deno.test("nothing is added where something answered, or where another address was asked", async () => {
  const answered = new CallError("It says 503", {
    key: "goal_state_unavailable",
    failure: { kind: "status", message: "503", status: 503 },
  });
  const other = { hostname: "127.0.0.1", port: 80 };
  const plain = new Error("other");
  assertEquals(await explainSilence(answered, AZURE, "/nowhere"), answered);
  assertEquals(await explainSilence(SILENT, other, "/nowhere"), SILENT);
  assertEquals(await explainSilence(plain, AZURE, "/nowhere"), plain);
});
