import { assertEquals } from "@std/assert";
import { findLeases } from "../../lib/dhcp/find_leases.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { bytesOf } from "./_leases.ts";
import { rootWith } from "./_root.ts";

const address = "10.1.2.3";

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
    "/var/lib/dhcpcd/eth3.lease/file": "",
  });
  const folder = `${root.path}/var/lib/dhcpcd`;
  await makePipe(`${folder}/eth0.lease`);
  await Deno.symlink(`${root.path}/elsewhere.lease`, `${folder}/eth2.lease`);
  assertEquals(await findLeases(root.path), [
    { path: "/var/lib/dhcpcd/eth1.lease", address },
  ]);
});

Deno.test("findLeases() reads no more than 16 lease files of a folder, whatever else is there", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `eth${i}.lease`);
  const others = Array.from({ length: 20 }, (_, i) => `a${i}`);
  await using root = await rootWith(Object.fromEntries(
    [...names, ...others].map((name) => [`/var/lib/dhcpcd/${name}`, ""]),
  ));
  assertEquals((await findLeases(root.path)).length, 16);
});
