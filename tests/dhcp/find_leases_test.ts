import { assertEquals } from "@std/assert";
import {
  fromDhclient,
  fromDhcpcd,
  fromNetworkd,
  fromNetworkManager,
} from "../../lib/dhcp/find_leases.ts";
import { bytesOf, textOf } from "./_leases.ts";

const ADDRESS = "10.1.2.3";

Deno.test("WireServer's address is found in the leases of real clients", async () => {
  assertEquals(fromNetworkd(await textOf("networkd")), ADDRESS);
  assertEquals(fromNetworkManager(await textOf("network_manager")), ADDRESS);
  assertEquals(fromDhclient(await textOf("dhclient.leases")), ADDRESS);
  assertEquals(fromDhcpcd(await bytesOf("dhcpcd.lease")), ADDRESS);
});

Deno.test("a lease without the option names nobody", async () => {
  for (
    const [name, read] of [
      ["networkd", fromNetworkd],
      ["network_manager", fromNetworkManager],
      ["dhclient.leases", fromDhclient],
    ] as const
  ) {
    const lines = (await textOf(name)).split("\n");
    assertEquals(
      read(lines.filter((it) => !/245/.test(it)).join("\n")),
      undefined,
    );
    assertEquals(read(""), undefined);
  }
  assertEquals(
    fromNetworkManager(await textOf("network_manager_lo")),
    undefined,
  );
});

Deno.test("networkd and NetworkManager write Azure's own address so", () => {
  assertEquals(
    fromNetworkd("ADDRESS=x\nOPTION_245=a83f8110\n"),
    "168.63.129.16",
  );
  assertEquals(
    fromNetworkManager("[dhcp4]\ndhcp4.private_245=a8:3f:81:10\n"),
    "168.63.129.16",
  );
});

Deno.test("an option of another length, or that is no hex, names nobody", () => {
  for (const value of ["", "a83f81", "a83f811000", "g83f8110"]) {
    assertEquals(fromNetworkd(`OPTION_245=${value}\n`), undefined, value);
  }
  for (const value of ["a8", "a8:3f:81", "a8:3f:81:10:0", "a8:3f::10", ":::"]) {
    assertEquals(fromNetworkManager(`dhcp4.private_245=${value}\n`), undefined);
    assertEquals(fromDhclient(`  option unknown-245 ${value};\n`), undefined);
  }
  assertEquals(fromDhclient('  option unknown-245 "abc";\n'), undefined);
});

Deno.test("the last of dhclient's leases counts, and a printable address is a text", () => {
  const lease = (value: string) =>
    `lease {\n  interface "eth0";\n  option unknown-245 ${value};\n}\n`;
  assertEquals(fromDhclient(lease("a8:3f:81:10")), "168.63.129.16");
  assertEquals(
    fromDhclient(lease("1:2:3:4") + lease("a:b:c:d")),
    "10.11.12.13",
  );
  assertEquals(fromDhclient(lease('"ABCD"')), "65.66.67.68");
  assertEquals(fromDhclient(lease(String.raw`"A\"\\D"`)), "65.34.92.68");
  assertEquals(
    fromDhclient(lease("1:2:3:4") + 'lease {\n  interface "eth0";\n}\n'),
    undefined,
    "the last one has none",
  );
});

Deno.test("a packet is read to the end of its options and no further", async () => {
  const packet = await bytesOf("dhcpcd.lease");
  for (let length = 0; length < packet.length; length++) {
    const address = fromDhcpcd(packet.subarray(0, length));
    assertEquals(
      address,
      length < 285 ? undefined : ADDRESS,
      `${length} bytes`,
    );
  }
  const ended = packet.slice();
  ended[240] = 255;
  assertEquals(fromDhcpcd(ended), undefined);
  const another = packet.slice();
  another[236]! ^= 1;
  assertEquals(fromDhcpcd(another), undefined, "it is no DHCP message");
});
