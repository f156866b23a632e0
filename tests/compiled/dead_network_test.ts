import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Vm } from "../helpers/vm.ts";
import { vmTest } from "../helpers/vm_case.ts";

/** Machines without a way to the platform, and how the error explains that. */
const NETWORKS: readonly (readonly [string, string, string])[] = [
  [
    "has no network card",
    "ip link delete eth0",
    "this machine has no route to 168.63.129.16 and no default route: it has no network card; no DHCP lease",
  ],
  [
    "has a card that is down",
    "ip link set eth0 down; ip addr flush dev eth0",
    'this machine has no route to 168.63.129.16 and no default route: "eth0" is down and has no address; no DHCP lease',
  ],
  [
    "has a card without an address",
    "ip addr flush dev eth0",
    'this machine has no route to 168.63.129.16 and no default route: "eth0" has no address; no DHCP lease',
  ],
  [
    "has an address without a route",
    "ip route delete default",
    'this machine has no route to 168.63.129.16 and no default route: "eth0" has 10.77.0.5; no DHCP lease',
  ],
  [
    "has a route that refuses",
    "ip route add prohibit 168.63.129.16",
    "the route to 168.63.129.16/32 refuses packets to 168.63.129.16; no DHCP lease",
  ],
  [
    "sends to a gateway that is not there",
    `ip neigh add 10.77.0.99 lladdr 02:00:00:00:00:01 dev eth0
    ip route replace default via 10.77.0.99`,
    'packets to 168.63.129.16 go through "eth0" (10.77.0.5, gateway 10.77.0.99, route 0.0.0.0/0); no DHCP lease',
  ],
  [
    "has two cards, of which the wrong one has the first route",
    `ip link add eth1 type veth peer name there
    ip link set eth1 up; ip link set there up; ip addr add 10.88.0.5/24 dev eth1
    ip neigh add 10.88.0.1 lladdr 02:00:00:00:00:01 dev eth1
    ip route add 168.63.129.16 via 10.88.0.1
    ip route append 168.63.129.16 via 10.77.0.1`,
    'packets to 168.63.129.16 go through "eth1" (10.88.0.5, gateway 10.88.0.1, route 168.63.129.16/32), not through "eth0"; no DHCP lease',
  ],
  [
    "has WireServer's address itself",
    "ip addr add 168.63.129.16/32 dev lo",
    "168.63.129.16 is an address of this machine itself; no DHCP lease",
  ],
];

/** A namespace sees the devices of `/sys` only where that is mounted again. */
const OWN_SYS =
  "mount -t sysfs none /sys; [ ! -d /sys/class/dmi ] || mount -t tmpfs none /sys/class/dmi";

for (const [what, prepare, explanation] of NETWORKS) {
  vmTest(
    `the compiled program's error names card and route of a machine that ${what}`,
    { root: "machine" },
    async (vm) => {
      const { code, stderr } = await vm.run(
        `${OWN_SYS}; ${prepare}; exec "$0" --timeout 1`,
      );
      assertEquals(code, 69, stderr);
      const last = stderr.trim().split("\n").at(-1)!;
      assertMatch(last, /^Error: Cannot get the goal state /);
      assert(last.includes(`; ${explanation}`), last);
    },
  );
}

vmTest(
  "the compiled program explains the same without the rest of /proc, as its unit has it, and for IMDS and reports",
  { root: "machine" },
  async (vm) => {
    const gone =
      'go through "eth0" (10.77.0.5, gateway 10.77.0.1, route 0.0.0.0/0)';
    const { code, stderr } = await vm.run(
      `mount -t proc -o subset=pid none /proc; exec "$0" --timeout 1`,
    );
    assertEquals(code, 69, stderr);
    assert(stderr.includes(gone), stderr);
    for (const command of ["userdata", "user", "hostname"]) {
      const imds = await vm.run(`exec "$0" ${command} --timeout 0.3`);
      assertEquals(imds.code, 69, imds.stderr);
      assert(
        imds.stderr.includes(`packets to 169.254.169.254 ${gone}`),
        imds.stderr,
      );
    }
    await vm.startPlatform([
      "--fault",
      "hang@health",
      "--fault",
      "hang@health-json",
    ]);
    const report = await vm.provision(["--timeout", "1"]);
    assertEquals(report.code, 69, report.stderr);
    assertMatch(
      report.stderr,
      /Error: Cannot report Ready [^\n]+ go through "eth0"/,
    );
  },
);

for (const seconds of [0.3, 1, 3]) {
  for (const command of ["provision", "goal-state", "userdata"]) {
    vmTest(
      `the compiled program's ${command} uses the ${seconds} s of --timeout, and hardly more`,
      { root: "machine" },
      async (vm) => {
        for (const prepare of ["ip route delete default", SWALLOW]) {
          const took = await secondsOf(
            vm,
            prepare,
            `${command} --timeout ${seconds}`,
          );
          assert(took >= 0.85 * seconds - 0.1, `${took}`);
          // A busy machine wakes it up late.
          assert(took <= seconds + 2, `${took}`);
        }
      },
    );
  }
}

const SWALLOW = `ip neigh add 10.77.0.99 lladdr 02:00:00:00:00:01 dev eth0
  ip route replace default via 10.77.0.99`;

/** How long the tries took, as the last line says. */
async function secondsOf(
  vm: Vm,
  prepare: string,
  command: string,
): Promise<number> {
  const { code, stderr } = await vm.run(`${prepare}; exec "$0" ${command}`);
  assertEquals(code, 69, stderr);
  const [, seconds] = / in ([0-9.]+) s, time is up\)/.exec(
    stderr.trim().split("\n").at(-1)!,
  )!;
  return Number(seconds);
}
