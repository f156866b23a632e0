import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DHCP_CLIENTS } from "../../lib/dhcp/clients.ts";
import { dhcpcd } from "../../lib/dhcp/clients/dhcpcd.ts";
import { wireServerIn } from "../dhcp/_machine.ts";
import { fuzz } from "./_fuzz.ts";
import { text } from "./_texts.ts";

const room = "dhcp-lease";

function checkAddress(address: string | undefined): void {
  if (address === undefined) return;
  const bytes = address.split(".");
  assert(bytes.length === 4, address);
  assert(bytes.every((it) => /^\d{1,3}$/.test(it) && Number(it) < 256));
}

/** A DHCP message: zeros, the cookie, then these bytes. */
function packetOf(options: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...Array(236).fill(0),
    0x63,
    0x82,
    0x53,
    0x63,
    ...options,
  ]);
}

const byte = fc.integer({ min: 0, max: 255 });

fuzz("a lease of dhcpcd gives an address or nothing, whatever the packet", {
  room,
  runs: 600,
  input: fc.oneof(
    fc.array(byte, { maxLength: 600 }).map((it) => Uint8Array.from(it)),
    fc.array(byte, { maxLength: 600 }).map(packetOf),
    fc.array(fc.constantFrom(0, 1, 4, 245, 255), { maxLength: 60 })
      .map(packetOf),
  ),
  check: (packet) => checkAddress(wireServerIn(dhcpcd, packet)),
});

fuzz("a lease of dhcpcd gives the option behind any others", {
  room,
  runs: 400,
  input: fc.record({
    others: fc.array(
      fc.tuple(
        byte.filter((code) => ![0, 245, 255].includes(code)),
        fc.array(byte, { maxLength: 255 }),
      ),
      { maxLength: 8 },
    ),
    pads: fc.nat(20),
    address: fc.tuple(byte, byte, byte, byte),
    behind: fc.array(byte, { maxLength: 20 }),
  }),
  check: ({ others, pads, address, behind }) => {
    const options = [
      ...others.flatMap(([code, value]) => [code, value.length, ...value]),
      ...Array(pads).fill(0),
      245,
      4,
      ...address,
      ...behind,
    ];
    assertEquals(wireServerIn(dhcpcd, packetOf(options)), address.join("."));
  },
});

fuzz("leases that are text give an address or nothing, whatever they are", {
  room,
  runs: 600,
  input: fc.tuple(
    fc.constantFrom(
      "OPTION_245=",
      "dhcp4.private_245=",
      "  option unknown-245 ",
      "lease {\n",
    ),
    text,
  ).map((parts) => parts.join("")),
  check: (lease) => {
    for (const client of DHCP_CLIENTS) {
      if (client.leaseFiles.length === 0) continue;
      checkAddress(wireServerIn(client, lease));
    }
  },
});
