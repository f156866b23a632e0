import { assertEquals } from "@std/assert";
import { describePath } from "../../lib/network/describe_path.ts";
import { parseIpv4 } from "../../lib/network/ipv4.ts";

const HEADER =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   ";
const WIRESERVER = parseIpv4("168.63.129.16")!;

/** A line of the kernel's table, such as `eth0 0.0.0.0/0 10.0.0.1 100`. */
function route(text: string): string {
  const [device, destination = "", gateway = "0.0.0.0", metric = 0, flags = 3] =
    text.split(" ");
  const [address, bits] = destination.split("/");
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  const hex = (number: number) =>
    number.toString(16).toUpperCase().padStart(8, "0").match(/../g)!.reverse()
      .join("");
  return [
    device,
    hex(parseIpv4(address!)!),
    hex(parseIpv4(gateway)!),
    String(flags).padStart(4, "0"),
    0,
    0,
    metric,
    hex(mask),
    "0\t0\t0   ",
  ].join("\t");
}

function local(...addresses: string[]): string[] {
  return [
    "Main:",
    "  +-- 0.0.0.0/0 3 0 5",
    "           |-- 127.0.0.1",
    "              /32 host LOCAL",
    "           |-- 10.0.0.255",
    "              /32 link BROADCAST",
    ...addresses.flatMap((it) => [
      `           |-- ${it}`,
      "              /32 host LOCAL",
    ]),
  ];
}

const CASES: readonly {
  readonly name: string;
  readonly devices?: Readonly<Record<string, string | undefined>>;
  readonly routes?: readonly string[];
  readonly addresses?: readonly string[];
  readonly from?: string;
  readonly says: string;
}[] = [
  {
    name: "no network card",
    says:
      "this machine has no route to 168.63.129.16 and no default route: it has no network card",
  },
  {
    name: "a card that is down, and one without a link",
    devices: { eth0: "down", eth1: "lowerlayerdown" },
    says:
      'this machine has no route to 168.63.129.16 and no default route: "eth0" is down and has no address, "eth1" is without a link and has no address',
  },
  {
    name: "an address without a route",
    devices: { eth0: "up" },
    routes: ["eth0 10.0.0.0/24"],
    addresses: ["10.0.0.4"],
    says:
      'this machine has no route to 168.63.129.16 and no default route: "eth0" has 10.0.0.4',
  },
  {
    name: "an address of no card's network",
    devices: { eth0: undefined },
    addresses: ["10.0.0.4"],
    says:
      'this machine has no route to 168.63.129.16 and no default route: "eth0" has no address, and it has 10.0.0.4',
  },
  {
    name: "a default route",
    devices: { eth0: "up" },
    routes: ["eth0 0.0.0.0/0 10.0.0.1 100", "eth0 10.0.0.0/24"],
    addresses: ["10.0.0.4"],
    says:
      'packets to 168.63.129.16 go through "eth0" (10.0.0.4, gateway 10.0.0.1, route 0.0.0.0/0)',
  },
  {
    name: "a card that has lost its link",
    devices: { eth0: "down" },
    routes: ["eth0 0.0.0.0/0 10.0.0.1", "eth0 10.0.0.0/24"],
    addresses: ["10.0.0.4"],
    says:
      'packets to 168.63.129.16 go through "eth0", which is down (10.0.0.4, gateway 10.0.0.1, route 0.0.0.0/0)',
  },
  {
    name: "two routes to one host, of which the first counts",
    devices: { eth0: "up", eth1: "unknown" },
    routes: [
      "eth0 0.0.0.0/0 10.0.0.1",
      "eth0 10.0.0.0/24",
      "eth1 10.0.1.0/24",
      "eth1 168.63.129.16/32 10.0.1.1",
      "eth0 168.63.129.16/32 10.0.0.1",
    ],
    addresses: ["10.0.0.4", "10.0.1.5"],
    says:
      'packets to 168.63.129.16 go through "eth1" (10.0.1.5, gateway 10.0.1.1, route 168.63.129.16/32), not through "eth0"',
  },
  {
    name: "the smaller metric",
    devices: { eth0: "up", eth1: "up" },
    routes: [
      "eth0 0.0.0.0/0 10.0.0.1 200",
      "eth1 0.0.0.0/0 10.0.1.1 100",
      "eth0 10.0.0.0/24",
      "eth1 10.0.1.0/24",
    ],
    addresses: ["10.0.0.4", "10.0.1.5"],
    says:
      'packets to 168.63.129.16 go through "eth1" (10.0.1.5, gateway 10.0.1.1, route 0.0.0.0/0), not through "eth0"',
  },
  {
    name: "two cards on one network",
    devices: { eth0: "up", eth1: "up" },
    routes: [
      "eth0 0.0.0.0/0 10.0.0.1",
      "eth0 10.0.0.0/24",
      "eth1 10.0.0.0/24",
    ],
    addresses: ["10.0.0.4", "10.0.0.5"],
    says:
      'packets to 168.63.129.16 go through "eth0" (an address of a network that another card is on as well, gateway 10.0.0.1, route 0.0.0.0/0)',
  },
  {
    name: "a source that a connection has shown",
    devices: { eth0: "up" },
    routes: ["eth0 0.0.0.0/0"],
    addresses: ["10.0.0.4", "10.0.0.5"],
    from: "10.0.0.5",
    says:
      'packets to 168.63.129.16 go through "eth0" (10.0.0.5, no gateway, route 0.0.0.0/0)',
  },
  {
    name: "a route that refuses",
    devices: { eth0: "up" },
    routes: ["* 168.63.129.16/32 0.0.0.0 0 0205", "eth0 0.0.0.0/0 10.0.0.1"],
    says: "the route to 168.63.129.16/32 refuses packets to 168.63.129.16",
  },
  {
    name: "an address that the machine itself has",
    addresses: ["168.63.129.16"],
    says: "168.63.129.16 is an address of this machine itself",
  },
  {
    name: "lines that nobody knows",
    devices: { eth0: "up" },
    routes: ["", "nonsense", "eth0\tZZ\t00000000\t0001\t0\t0\t0\t00000000"],
    says:
      'this machine has no route to 168.63.129.16 and no default route: "eth0" has no address',
  },
];

for (
  const { name, devices = {}, routes = [], addresses = [], from, says } of CASES
) {
  Deno.test(`describePath() describes ${name}`, () => {
    const tables = {
      routes: [
        HEADER,
        ...routes.map((it) => it.includes("/") ? route(it) : it),
      ],
      addresses: local(...addresses),
      devices: new Map(Object.entries(devices)),
    };
    assertEquals(describePath(WIRESERVER, tables, from), says);
  });
}
