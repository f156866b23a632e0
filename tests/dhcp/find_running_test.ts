import { assertEquals } from "@std/assert";
import { findRunning } from "../../lib/dhcp/find_running.ts";
import { machineWith } from "./_machine.ts";

/** What is found on a machine with these files in `/run`. */
function labels(...names: readonly string[]): string[] {
  const files = Object.fromEntries(names.map((name) => [`/run/${name}`, "7"]));
  return findRunning(machineWith(files)).map(({ label }) => label);
}

Deno.test("a machine without a DHCP client has none", () => {
  assertEquals(labels("sshd.pid"), []);
});

Deno.test("a client is named with its device, if it has one", () => {
  assertEquals(
    labels(
      "udhcpc.eth1.pid",
      "dhclient.eth0.pid",
      "systemd/netif/leases/2",
    ),
    ["systemd-networkd", "dhclient on eth0", "udhcpc on eth1"],
  );
});

Deno.test("a name that no device can have gets into no command line", () => {
  assertEquals(
    labels(
      "udhcpc.-s.pid",
      "udhcpc.a b.pid",
      "udhcpc.a\\b.pid",
      "udhcpc.0123456789abcdef.pid",
    ),
    [],
  );
});

Deno.test("no more than eight clients are found", () => {
  const names = Array.from({ length: 20 }, (_, i) => `udhcpc.eth${i}.pid`);
  assertEquals(labels(...names).length, 8);
});
