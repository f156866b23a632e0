import { assertEquals } from "@std/assert";
import { readClues } from "../../lib/dhcp/client_files.ts";
import { type TempDir, tempDir } from "../helpers/temp_dir.ts";
import { NO_CLUES } from "./_client_files.ts";

const LARGEST = 256 * 1024;

Deno.test("readClues() finds nothing where there is no client", async () => {
  await using root = await tempDir();
  assertEquals(readClues(root.path), NO_CLUES);
});

Deno.test("readClues() reads the leases of dhclient, by their names' order, and no other file of their folder", async () => {
  await using root = await tempDir();
  const names = ["dhclient.eth1.leases", "dhclient.eth0.leases"];
  for (const name of [...names, "dhclient.conf", "random-seed", "x.lease"]) {
    await write(root, `/var/lib/dhcp/${name}`, name);
  }
  await write(root, "/var/lib/dhclient/dhclient.lease", "Red Hat's");
  assertEquals(readClues(root.path).dhclientLeases, [
    { name: "dhclient.eth0.leases", text: "dhclient.eth0.leases" },
    { name: "dhclient.eth1.leases", text: "dhclient.eth1.leases" },
    { name: "dhclient.lease", text: "Red Hat's" },
  ]);
});

Deno.test("readClues() reads no file that is too large, and nothing that is no file", async () => {
  await using root = await tempDir();
  await write(root, "/etc/dhcpcd.conf", "x".repeat(LARGEST + 1));
  await write(root, "/etc/dhclient.conf", "x".repeat(LARGEST));
  await write(root, "/run/NetworkManager/devices/2/file", "");
  await Deno.symlink("/dev/null", `${root.path}/run/NetworkManager/devices/3`);
  const clues = readClues(root.path);
  assertEquals(clues.dhcpcdSettings, "");
  assertEquals(clues.dhclientSettings.length, LARGEST);
  assertEquals(clues.networkManagerDevices, []);
});

Deno.test("readClues() keeps no more than 1000 names of a folder", async () => {
  await using root = await tempDir();
  for (let file = 0; file < 1010; file++) {
    await write(root, `/run/dhcpcd/${file}`, "");
  }
  assertEquals(readClues(root.path).dhcpcdFiles.length, 1000);
});

Deno.test("readClues() looks for the unit of systemd-networkd where that has leases, first in /etc", async () => {
  await using root = await tempDir();
  const unit = "systemd/system/systemd-networkd.service";
  await write(root, `/usr/lib/${unit}`, "usr");
  assertEquals(readClues(root.path).networkdUnit, "");
  await write(root, "/run/systemd/netif/leases/2", "");
  assertEquals(readClues(root.path).networkdUnit, "usr");
  await write(root, `/etc/${unit}`, "etc");
  assertEquals(readClues(root.path).networkdUnit, "etc");
});

async function write(root: TempDir, path: string, text: string): Promise<void> {
  const file = `${root.path}${path}`;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(file, text);
}
