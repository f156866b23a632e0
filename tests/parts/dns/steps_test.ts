import { assert, assertEquals } from "@std/assert";
import type { DhcpClient } from "../../../lib/dhcp/clients.ts";
import { bySystemd, planFor } from "../../../lib/parts/dns/steps.ts";

const STATE = "/var/lib/azure-provisioning";

function linesFor(client: DhcpClient): string[] {
  const plan = planFor(client, "vm", STATE);
  if (plan.kind === "none") return [];
  return [plan.tell, ...(plan.end === undefined ? [] : [plan.end])].map((it) =>
    [it.program, ...it.args].join(" ")
  );
}

const DHCLIENT: DhcpClient = {
  kind: "dhclient",
  device: "eth0",
  leases: "",
  settings: 'send host-name "image";',
};

Deno.test("every client is told in its own way", () => {
  assertEquals(linesFor({ kind: "systemd-networkd", keepsAddress: true }), [
    "systemctl --no-ask-password restart systemd-networkd.service",
  ]);
  assertEquals(linesFor({ kind: "NetworkManager", device: "eth0" }), [
    "nmcli device modify eth0 ipv4.dhcp-hostname vm",
  ]);
  assertEquals(linesFor({ kind: "udhcpc", device: "eth0" }), [
    "udhcpc -f -n -q -t 3 -T 1 -x hostname:vm -s /bin/true -i eth0",
  ]);
  assertEquals(
    linesFor({
      kind: "dhcpcd",
      device: "eth0",
      takesName: true,
      tellsName: false,
    }),
    ["dhcpcd -p -n -h vm eth0"],
  );
  const files =
    `-cf ${STATE}/dhclient.conf -lf ${STATE}/dhclient.leases -pf ${STATE}/dhclient.pid -sf /bin/true`;
  assertEquals(linesFor(DHCLIENT), [
    `dhclient -4 ${files} -1 eth0`,
    `dhclient -4 ${files} -x eth0`,
  ]);
});

Deno.test("a dhclient of our own says who it is as the one that runs does", () => {
  const leases = 'default-duid "\\000\\001";\nlease {\n}\n';
  for (const line of linesFor({ ...DHCLIENT, leases })) {
    assert(line.startsWith("dhclient -4 -i "), line);
  }
  const plan = planFor({ ...DHCLIENT, leases }, "vm", STATE);
  assert(plan.kind === "steps");
  assertEquals(plan.files, [
    {
      path: `${STATE}/dhclient.conf`,
      text: 'send host-name "image";\nsend host-name "vm";\n',
    },
    { path: `${STATE}/dhclient.leases`, text: leases },
  ]);
});

Deno.test("a systemd-networkd that would drop the address is left alone", () => {
  const plan = planFor(
    { kind: "systemd-networkd", keepsAddress: false },
    "vm",
    STATE,
  );
  assertEquals(plan.kind, "none");
});

Deno.test("a dhcpcd that may tell no name is doubted", () => {
  const doubts = [true, false].flatMap((takesName) =>
    [true, false].map((tellsName) => {
      const client = {
        kind: "dhcpcd",
        device: "eth0",
        takesName,
        tellsName,
      } as const;
      const plan = planFor(client, "vm", STATE);
      return plan.kind === "steps" && plan.doubt !== undefined;
    })
  );
  assertEquals(doubts, [false, false, false, true]);
});

Deno.test("systemd ends what it runs for us in time", () => {
  const { program, args, timeoutMs } = bySystemd({
    program: "dhcpcd",
    args: ["-n", "eth0"],
    timeoutMs: 2_500,
  });
  assertEquals(
    [program, ...args].join(" "),
    "systemd-run --quiet --wait --collect --no-ask-password --service-type=exec --property=RuntimeMaxSec=3 -- dhcpcd -n eth0",
  );
  assertEquals(timeoutMs, 3_500);
});
