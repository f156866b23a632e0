import { assertEquals } from "@std/assert";
import { networkManager } from "../../../lib/dhcp/clients/network_manager.ts";
import { textOf } from "../_leases.ts";
import { planned, wireServerIn } from "../_machine.ts";

const ID = "e388a64c-f69c-3e80-b88e-ccc0969a3822";
const OTHER_ID = "c085568c-9509-405f-9b01-3a60229ec72c";

Deno.test("NetworkManager is recognised by a device with a lease, whose name has the device's", () => {
  const files = {
    "/run/NetworkManager/devices/1":
      `[device]\nmanaged=true\nconnection-uuid=${OTHER_ID}\n`,
    "/run/NetworkManager/devices/2":
      `[device]\nconnection-uuid=${ID}\n\n[dhcp4]\ndhcp4.host_name=image\n`,
    ...Object.fromEntries(
      [
        `internal-${ID}-eth0.lease`,
        `internal-${OTHER_ID}-lo.lease`,
        "internal-00000000-0000-0000-0000-000000000000-eth1.lease",
        "secret_key",
      ].map((name) => [`/var/lib/NetworkManager/${name}`, ""]),
    ),
  };
  assertEquals(planned(networkManager, files), [{
    device: "eth0",
    lines: ["nmcli device modify eth0 ipv4.dhcp-hostname vm"],
  }]);
});

Deno.test("WireServer's address is read from what NetworkManager says of a device", async () => {
  const lease = await textOf("network_manager");
  const read = (text: string) => wireServerIn(networkManager, text);
  assertEquals(read(lease), "10.1.2.3");
  assertEquals(
    read("[dhcp4]\ndhcp4.private_245=a8:3f:81:10\n"),
    "168.63.129.16",
  );
  assertEquals(read(lease.replace(/^.*245.*$/m, "")), undefined);
  assertEquals(read(await textOf("network_manager_lo")), undefined);
  assertEquals(read(""), undefined);
  for (const value of ["a8", "a8:3f:81", "a8:3f:81:10:0", "a8:3f::10", ":::"]) {
    assertEquals(read(`dhcp4.private_245=${value}\n`), undefined, value);
  }
});
