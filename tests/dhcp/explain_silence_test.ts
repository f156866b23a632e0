import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explainSilence } from "../../lib/dhcp/explain_silence.ts";
import { findLeases } from "../../lib/dhcp/find_leases.ts";
import { CallError } from "../../lib/http/retry.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { bytesOf } from "./_leases.ts";

const AZURE = { hostname: "168.63.129.16", port: 80 };
const SILENT = new CallError("Cannot get it; check", {
  key: "goal_state_unavailable",
  failure: { kind: "network", message: "Connection refused" },
});

/** Makes a root with files in it. */
async function rootWith(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Awaited<ReturnType<typeof tempDir>>> {
  const root = await tempDir();
  for (const [path, content] of Object.entries(files)) {
    const file = `${root.path}${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(
      file,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
  return root;
}

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

Deno.test("findLeases() finds the leases of every client, wherever it keeps them", async () => {
  await using root = await rootWith({
    "/run/systemd/netif/leases/2": await bytesOf("networkd"),
    "/run/NetworkManager/devices/1": await bytesOf("network_manager_lo"),
    "/run/NetworkManager/devices/2": await bytesOf("network_manager"),
    "/var/lib/dhcp/dhclient.eth0.leases": await bytesOf("dhclient.leases"),
    "/var/lib/dhcp/dhclient6.conf": "",
    "/var/lib/dhclient/dhclient--eth0.lease": await bytesOf("dhclient.leases"),
    "/var/lib/dhcpcd/eth0.lease": await bytesOf("dhcpcd.lease"),
    "/var/lib/dhcpcd/duid": "",
    "/var/lib/dhcpcd5/eth0.lease": new Uint8Array(2 * 1024 * 1024),
  });
  const address = "10.1.2.3";
  assertEquals(await findLeases(root.path), [
    { path: "/run/systemd/netif/leases/2", address },
    { path: "/run/NetworkManager/devices/1" },
    { path: "/run/NetworkManager/devices/2", address },
    { path: "/var/lib/dhcp/dhclient.eth0.leases", address },
    { path: "/var/lib/dhclient/dhclient--eth0.lease", address },
    { path: "/var/lib/dhcpcd/eth0.lease", address },
  ]);
});

Deno.test("findLeases() waits for no pipe, and follows no link out of a client's folder", async () => {
  await using root = await rootWith({
    "/var/lib/dhcpcd/eth1.lease": await bytesOf("dhcpcd.lease"),
    "/elsewhere.lease": await bytesOf("dhcpcd.lease"),
  });
  const folder = `${root.path}/var/lib/dhcpcd`;
  await makePipe(`${folder}/eth0.lease`);
  await Deno.symlink(`${root.path}/elsewhere.lease`, `${folder}/eth2.lease`);
  assertEquals(await findLeases(root.path), [
    { path: "/var/lib/dhcpcd/eth1.lease", address: "10.1.2.3" },
  ]);
});

Deno.test("a silent WireServer is explained by a DHCP server that names another", async () => {
  const { message } = await explained({
    "/run/systemd/netif/leases/2": await bytesOf("networkd"),
  });
  assertStringIncludes(
    message,
    'the DHCP server names another WireServer, 10.1.2.3 (option 245 in "/run/systemd/netif/leases/2"), which this program does not use: find out whether that DHCP server is Azure\'s',
  );
});

Deno.test("a silent WireServer that DHCP names, too, is out of reach", async () => {
  const { message } = await explained({
    "/run/systemd/netif/leases/2": "OPTION_245=a83f8110\n",
  });
  assertStringIncludes(message, "names 168.63.129.16, too (option 245)");
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
