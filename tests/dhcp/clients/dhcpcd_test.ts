import { assertEquals } from "@std/assert";
import { dhcpcd } from "../../../lib/dhcp/clients/dhcpcd.ts";
import { bytesOf } from "../_leases.ts";
import {
  machineWith,
  onlyPlan,
  planned,
  STATE,
  wireServerIn,
} from "../_machine.ts";

const SETTINGS = "/etc/dhcpcd.conf";

/** A machine with these files in `/run/dhcpcd` and `/var/lib/dhcpcd`. */
function files(
  run: readonly string[],
  leases: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries([
    ...run.map((name) => [`/run/dhcpcd/${name}`, ""]),
    ...leases.map((name) => [`/var/lib/dhcpcd/${name}`, ""]),
  ]);
}

function devices(machine: Readonly<Record<string, string>>): unknown[] {
  return planned(dhcpcd, machine).map(({ device }) => device);
}

function warnings(machine: Readonly<Record<string, string>>): boolean[] {
  return dhcpcd.findRunning(machineWith(machine)).map(({ planNotify }) => {
    const plan = planNotify("vm", STATE);
    return plan.kind === "plan" && plan.warning !== undefined;
  });
}

Deno.test("a dhcpcd for all devices is recognised by its leases, and always sends the name", () => {
  const machine = files(["pid", "sock"], ["duid", "eth0.lease", "eth1.lease"]);
  assertEquals(devices(machine), ["eth0", "eth1"]);
  assertEquals(warnings(machine), [false, false]);
});

Deno.test("a dhcpcd for all devices without its socket is one client without a device", () => {
  const machine = {
    ...files(["pid", "unpriv.sock"], ["eth0.lease"]),
    [SETTINGS]: "hostname\n",
  };
  assertEquals(planned(dhcpcd, machine), [{
    device: undefined,
    lines: ["dhcpcd -p -n -h vm"],
  }]);
  assertEquals(warnings(machine), [false]);
});

Deno.test("a dhcpcd for a device sends a name if its settings say so, and is warned of otherwise", () => {
  const settings: readonly [string, boolean][] = [
    ["", true],
    ["#hostname\n# hostname\noption host_name\n", true],
    ["duid\nhostname\n", false],
    ["  hostname_short\n", false],
  ];
  for (const [text, warned] of settings) {
    const machine = { ...files(["eth0.pid", "eth0.sock"]), [SETTINGS]: text };
    assertEquals(devices(machine), ["eth0"]);
    assertEquals(warnings(machine), [warned], text);
  }
  assertEquals(warnings(files(["eth0.pid"])), [true]);
});

Deno.test("the PID files of older and of split dhcpcds are recognised", () => {
  assertEquals(devices({ "/run/dhcpcd-eth0.pid": "7" }), ["eth0"]);
  assertEquals(devices(files(["eth0-4.pid", "eth0-6.pid"])), ["eth0"]);
});

Deno.test("files that are no PID files are not recognised", () => {
  assertEquals(devices(files(["hook-state", "sock"], ["eth0.lease"])), []);
});

Deno.test("dhcpcd is notified by its own program, which keeps the address", () => {
  const { notify } = onlyPlan(dhcpcd, files(["eth0.pid"]));
  assertEquals(
    [notify.program, ...notify.args].join(" "),
    "dhcpcd -p -n -h vm eth0",
  );
});

Deno.test("WireServer's address is read from a packet, to the end of its options and no further", async () => {
  const packet = await bytesOf("dhcpcd.lease");
  const read = (bytes: Uint8Array) => wireServerIn(dhcpcd, bytes);
  for (let length = 0; length <= packet.length; length++) {
    assertEquals(
      read(packet.subarray(0, length)),
      length < 285 ? undefined : "10.1.2.3",
      `${length} bytes`,
    );
  }
  const ended = packet.slice();
  ended[240] = 255;
  assertEquals(read(ended), undefined);
  const another = packet.slice();
  another[236]! ^= 1;
  assertEquals(read(another), undefined, "it is no DHCP message");
});
