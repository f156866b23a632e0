import { assertEquals, assertThrows } from "@std/assert";
import { parseCard, parseField, parseTag } from "../../lib/simulator/mod.ts";
import { getMetadata, withPlatform } from "./raw_http.ts";

Deno.test("parseCard() reads a MAC address in any notation, and addresses of both kinds", () => {
  const card = {
    mac: "000D3AAB00FF",
    ipv4: [
      { address: "10.1.2.3", publicAddress: "20.0.0.1", prefix: 16 },
      { address: "10.1.2.4", publicAddress: "", prefix: 24 },
    ],
    ipv6: ["fd00::4"],
  };
  for (
    const mac of ["00:0d:3a:ab:00:ff", "00-0D-3A-AB-00-FF", "000d3aab00ff"]
  ) {
    const text = `${mac},10.1.2.3/16=20.0.0.1,10.1.2.4,FD00::4/64`;
    assertEquals(parseCard(text, 0), card);
  }
});

Deno.test("parseCard() gives a card of IPv6 alone an IPv4 address, as each has one on Azure", () => {
  const { ipv4, ipv6 } = parseCard("00:0d:3a:00:00:01,fd00::4/128", 3);
  assertEquals(ipv4.map(({ address }) => address), ["10.0.3.4"]);
  assertEquals(ipv6, ["fd00::4"]);
});

Deno.test("parseCard() gives each card without addresses a subnet of its own", () => {
  const addresses = [0, 1, 2].map((index) =>
    parseCard("00:0d:3a:00:00:01", index).ipv4[0]?.address
  );
  assertEquals(addresses, ["10.0.0.4", "10.0.1.4", "10.0.2.4"]);
});

for (
  const text of [
    "",
    "00:0d:3a:00:00",
    "00:0d:3a:00:00:0g",
    "00:0d:3a:00:00:01:02",
    "00:0d:3a:00:00:01,",
    "00:0d:3a:00:00:01,10.0.0",
    "00:0d:3a:00:00:01,10.0.0.256",
    "00:0d:3a:00:00:01,10.0.0.1/33",
    "00:0d:3a:00:00:01,10.0.0.1=x",
    "00:0d:3a:00:00:01,10.0.0.04",
    "00:0d:3a:00:00:01,10.0.0.1=",
    "00:0d:3a:00:00:01,fd00:::1",
    "00:0d:3a:00:00:01,fd00::1/129",
    "00:0d:3a:00:00:01,fd00::1=2603::1",
  ]
) {
  Deno.test(`parseCard() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parseCard(text, 0), Error, " is not a");
  });
}

Deno.test("parseField() reads a path and a value, which may be empty or have another equals sign", () => {
  assertEquals(parseField("plan.name=a=b"), ["plan.name", "a=b"]);
  assertEquals(parseField("zone="), ["zone", ""]);
});

for (const text of ["zone", "=x", "plan=x", "nothing=x", "vmId=x", "tags=x"]) {
  Deno.test(`parseField() refuses ${text}`, () => {
    assertThrows(() => parseField(text), Error, " is not ");
  });
}

Deno.test("parseTag() reads a name and a value", () => {
  assertEquals(parseTag("Role=web=1"), ["Role", "web=1"]);
  assertThrows(() => parseTag("Role"), Error, '"NAME=VALUE"');
});

Deno.test("the metadata has every card with its subnets", async () => {
  const cards = [
    parseCard("00:0d:3a:00:00:01,10.1.2.3/20,10.1.2.4/20,fd00::4", 0),
    parseCard("00:0d:3a:00:00:02,172.16.200.9/17=20.0.0.1", 1),
  ];
  await withPlatform({ cards }, async (platform) => {
    const target = "/metadata/instance/network?api-version=2021-08-01";
    const { body } = await getMetadata(platform, { target });
    assertEquals(JSON.parse(body).interface, [
      {
        ipv4: {
          ipAddress: [
            { privateIpAddress: "10.1.2.3", publicIpAddress: "" },
            { privateIpAddress: "10.1.2.4", publicIpAddress: "" },
          ],
          subnet: [{ address: "10.1.0.0", prefix: "20" }],
        },
        ipv6: { ipAddress: [{ privateIpAddress: "fd00::4" }] },
        macAddress: "000D3A000001",
      },
      {
        ipv4: {
          ipAddress: [{
            privateIpAddress: "172.16.200.9",
            publicIpAddress: "20.0.0.1",
          }],
          subnet: [{ address: "172.16.128.0", prefix: "17" }],
        },
        ipv6: { ipAddress: [] },
        macAddress: "000D3A000002",
      },
    ]);
  });
});
