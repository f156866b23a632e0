import { assertEquals } from "@std/assert";
import type { Clues } from "../../lib/dhcp/client_files.ts";
import { findClients } from "../../lib/dhcp/clients.ts";
import { NO_CLUES } from "./_client_files.ts";

function found(clues: Partial<Clues>): unknown[] {
  return findClients({ ...NO_CLUES, ...clues });
}

const ID = "e388a64c-f69c-3e80-b88e-ccc0969a3822";
const OTHER_ID = "c085568c-9509-405f-9b01-3a60229ec72c";

Deno.test("a machine without a DHCP client has none", () => {
  assertEquals(found({}), []);
});

Deno.test("systemd-networkd is there if it has a lease", () => {
  assertEquals(
    found({
      networkdLeases: ["2"],
      networkdUnit: "[Service]\nRestartKillSignal=SIGUSR2\nRestartSec=0\n",
    }),
    [{ kind: "systemd-networkd", keepsAddress: true }],
  );
});

Deno.test("a systemd-networkd that knows no restart from a stop would drop the address", () => {
  for (const unit of ["", "[Service]\n# RestartKillSignal=SIGUSR2\n"]) {
    assertEquals(found({ networkdLeases: ["2"], networkdUnit: unit }), [
      { kind: "systemd-networkd", keepsAddress: false },
    ]);
  }
});

Deno.test("NetworkManager's devices have their names in their leases' names", () => {
  assertEquals(
    found({
      networkManagerDevices: [
        {
          name: "1",
          text: `[device]\nmanaged=true\nconnection-uuid=${OTHER_ID}\n`,
        },
        {
          name: "2",
          text:
            `[device]\nconnection-uuid=${ID}\n\n[dhcp4]\ndhcp4.host_name=image\n`,
        },
      ],
      networkManagerFiles: [
        `internal-${ID}-eth0.lease`,
        `internal-${OTHER_ID}-lo.lease`,
        "internal-00000000-0000-0000-0000-000000000000-eth1.lease",
        "secret_key",
      ],
    }),
    [{ kind: "NetworkManager", device: "eth0" }],
  );
});

Deno.test("dhclient is there if its process id is", () => {
  const text = 'lease {\n  interface "eth0";\n}\n';
  const lease = (name: string) => [{ name, text }];
  const client = {
    kind: "dhclient",
    device: "eth0",
    leases: text,
    settings: "",
  };
  for (
    const [pid, leases] of [
      ["dhclient.eth0.pid", "dhclient.eth0.leases"],
      ["dhclient-eth0.pid", "dhclient--eth0.lease"],
      ["dhclient-eth0.pid", "dhclient.leases"],
      ["dhclient.pid", "dhclient.leases"],
    ] as const
  ) {
    assertEquals(
      found({ runFiles: [pid], dhclientLeases: lease(leases) }),
      [client],
      pid,
    );
  }
  assertEquals(found({ dhclientLeases: lease("dhclient.eth0.leases") }), []);
});

Deno.test("a dhclient without leases is told what it is", () => {
  assertEquals(found({ runFiles: ["dhclient.eth0.pid"] }), [
    { kind: "dhclient", device: "eth0", leases: "", settings: "" },
  ]);
  assertEquals(found({ runFiles: ["dhclient.pid"] }), []);
});

Deno.test("a client for IPv6, or another program's file, is none", () => {
  assertEquals(
    found({
      runFiles: [
        "dhclient6.eth0.pid",
        "dhclient6.pid",
        "udhcpc6.eth0.pid",
        "dhclient",
        "dhclientx.pid",
        "udhcpc",
        "sshd.pid",
        "dhclient-.pid",
      ],
      dhcpcdFiles: ["hook-state", "sock"],
    }),
    [],
  );
});

Deno.test("a dhcpcd for all devices is known by its leases, and takes a name", () => {
  assertEquals(
    found({
      dhcpcdFiles: ["pid", "sock"],
      dhcpcdLeases: ["duid", "eth0.lease", "eth1.lease"],
    }),
    ["eth0", "eth1"].map((device) => ({
      kind: "dhcpcd",
      device,
      takesName: true,
      tellsName: false,
    })),
  );
});

Deno.test("a dhcpcd for all devices without its socket is told by a signal", () => {
  assertEquals(
    found({
      dhcpcdFiles: ["pid", "unpriv.sock"],
      dhcpcdLeases: ["eth0.lease"],
      dhcpcdSettings: "hostname\n",
    }),
    [{ kind: "dhcpcd", takesName: false, tellsName: true }],
  );
});

Deno.test("a dhcpcd for a device tells a name if its settings say so", () => {
  const settings: readonly [string, boolean][] = [
    ["", false],
    ["#hostname\n# hostname\noption host_name\n", false],
    ["duid\nhostname\n", true],
    ["  hostname_short\n", true],
  ];
  for (const [dhcpcdSettings, tellsName] of settings) {
    assertEquals(
      found({ dhcpcdFiles: ["eth0.pid", "eth0.sock"], dhcpcdSettings }),
      [{ kind: "dhcpcd", device: "eth0", takesName: false, tellsName }],
    );
  }
});

Deno.test("the process ids of older and of split dhcpcds are known, too", () => {
  const client = {
    kind: "dhcpcd",
    device: "eth0",
    takesName: false,
    tellsName: false,
  };
  assertEquals(found({ runFiles: ["dhcpcd-eth0.pid"] }), [client]);
  assertEquals(found({ dhcpcdFiles: ["eth0-4.pid", "eth0-6.pid"] }), [client]);
});

Deno.test("udhcpc works on eth0 where its file does not say", () => {
  const names = ["udhcpc.ens3.pid", "udhcpc-eth1.pid", "udhcpc.pid"];
  assertEquals(
    found({ runFiles: names }),
    ["ens3", "eth1", "eth0"].map((device) => ({ kind: "udhcpc", device })),
  );
});

Deno.test("what cannot be a device's name gets into no command line", () => {
  assertEquals(
    found({
      runFiles: [
        "udhcpc.-s.pid",
        "udhcpc.a b.pid",
        "udhcpc.a/b.pid",
        "udhcpc.0123456789abcdef.pid",
      ],
    }),
    [],
  );
});

Deno.test("no more than eight are told", () => {
  const runFiles = Array.from({ length: 20 }, (_, i) => `udhcpc.eth${i}.pid`);
  assertEquals(found({ runFiles }).length, 8);
});
