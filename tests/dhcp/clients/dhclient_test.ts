import { assert, assertEquals } from "@std/assert";
import { dhclient } from "../../../lib/dhcp/clients/dhclient.ts";
import { textOf } from "../_leases.ts";
import { onlyPlan, planned, STATE, wireServerIn } from "../_machine.ts";

const PID = { "/run/dhclient.eth0.pid": "7" };

/** The devices, and the leases that a second dhclient gets. */
function found(files: Readonly<Record<string, string>>): unknown[] {
  const [only, ...others] = planned(dhclient, files);
  if (only === undefined || others.length > 0) return [only, ...others];
  return [only.device, onlyPlan(dhclient, files).files!.at(-1)!.text];
}

Deno.test("dhclient is recognised by its PID file, whatever its files are called", () => {
  const lease = 'lease {\n  interface "eth0";\n}\n';
  for (
    const [pid, leases] of [
      ["dhclient.eth0.pid", "dhclient.eth0.leases"],
      ["dhclient-eth0.pid", "dhclient--eth0.lease"],
      ["dhclient-eth0.pid", "dhclient.leases"],
      ["dhclient.pid", "dhclient.leases"],
    ] as const
  ) {
    for (const folder of ["/var/lib/dhcp", "/var/lib/dhclient"]) {
      const files = { [`/run/${pid}`]: "7", [`${folder}/${leases}`]: lease };
      assertEquals(found(files), ["eth0", lease], `${pid} ${folder}`);
    }
  }
  assertEquals(
    planned(dhclient, { "/var/lib/dhcp/dhclient.eth0.leases": lease }),
    [],
  );
});

Deno.test("each dhclient has the leases of its own device", () => {
  const plans = dhclient.findRunning({
    names: (folder) =>
      folder === "/run"
        ? ["dhclient.eth0.pid", "dhclient.eth1.pid"]
        : folder === "/var/lib/dhcp"
        ? ["dhclient.conf", "dhclient.eth0.leases", "dhclient.eth1.leases"]
        : [],
    text: (path) => path,
  }).map(({ planNotify }) => planNotify("vm", STATE));
  assertEquals(
    plans.map((plan) => plan.kind === "plan" && plan.files?.at(-1)?.text),
    [0, 1].map((index) => `/var/lib/dhcp/dhclient.eth${index}.leases`),
  );
});

Deno.test("a dhclient without leases is recognised if its PID file names the device", () => {
  assertEquals(found(PID), ["eth0", ""]);
  assertEquals(planned(dhclient, { "/run/dhclient.pid": "7" }), []);
});

Deno.test("dhclient for IPv6, or a file that is no PID file, is not recognised", () => {
  const names = [
    "dhclient6.eth0.pid",
    "dhclient6.pid",
    "dhclient",
    "dhclientx.pid",
    "sshd.pid",
    "dhclient-.pid",
  ];
  const files = Object.fromEntries(names.map((name) => [`/run/${name}`, "7"]));
  assertEquals(planned(dhclient, files), []);
});

Deno.test("a second dhclient tells the server the name", () => {
  const files =
    `-cf ${STATE}/dhclient.conf -lf ${STATE}/dhclient.leases -pf ${STATE}/dhclient.pid -sf /bin/true`;
  assertEquals(planned(dhclient, PID), [{
    device: "eth0",
    lines: [
      `dhclient -4 ${files} -1 eth0`,
      `dhclient -4 ${files} -x eth0`,
    ],
  }]);
});

Deno.test("a second dhclient has the settings of the first, and identifies itself as that does", () => {
  const leases =
    'default-duid "\\000\\001";\nlease {\n  interface "eth0";\n}\n';
  const files = {
    ...PID,
    "/var/lib/dhcp/dhclient.leases": leases,
    "/etc/dhclient.conf": 'send host-name "image";',
  };
  for (const line of planned(dhclient, files)[0]!.lines) {
    assert(line.startsWith("dhclient -4 -i "), line);
  }
  const plan = onlyPlan(dhclient, files);
  assertEquals(plan.files, [
    {
      path: `${STATE}/dhclient.conf`,
      text: 'send host-name "image";\nsend host-name "vm";\n',
    },
    { path: `${STATE}/dhclient.leases`, text: leases },
  ]);
  const debian = { ...files, "/etc/dhcp/dhclient.conf": "timeout 300;" };
  assertEquals(
    onlyPlan(dhclient, debian).files![0]!.text,
    'timeout 300;\nsend host-name "vm";\n',
  );
});

Deno.test("every file that a second dhclient gets or makes is removed", () => {
  const { files = [], temporaryFiles } = onlyPlan(dhclient, PID);
  assertEquals(
    temporaryFiles,
    ["conf", "leases", "leases~", "pid"].map((it) => `${STATE}/dhclient.${it}`),
  );
  assert(files.every(({ path }) => temporaryFiles!.includes(path)));
});

Deno.test("WireServer's address is read from the last lease of dhclient", async () => {
  const lease = (value: string) =>
    `lease {\n  interface "eth0";\n  option unknown-245 ${value};\n}\n`;
  const read = (text: string) => wireServerIn(dhclient, text);
  assertEquals(read(await textOf("dhclient.leases")), "10.1.2.3");
  assertEquals(
    read((await textOf("dhclient.leases")).replace(/^.*245.*$/m, "")),
    undefined,
  );
  assertEquals(read(""), undefined);
  assertEquals(read(lease("a8:3f:81:10")), "168.63.129.16");
  assertEquals(read(lease("1:2:3:4") + lease("a:b:c:d")), "10.11.12.13");
  assertEquals(
    read(lease("1:2:3:4") + 'lease {\n  interface "eth0";\n}\n'),
    undefined,
    "the last one has none",
  );
});

Deno.test("dhclient writes a printable address as text", () => {
  const read = (value: string) =>
    wireServerIn(dhclient, `  option unknown-245 ${value};\n`);
  assertEquals(read('"ABCD"'), "65.66.67.68");
  assertEquals(read(String.raw`"A\"\\D"`), "65.34.92.68");
  assertEquals(read('"abc"'), undefined);
  for (const value of ["a8", "a8:3f:81", "a8:3f:81:10:0", "a8:3f::10", ":::"]) {
    assertEquals(read(value), undefined, value);
  }
});
