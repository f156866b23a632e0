import { assertEquals } from "@std/assert";
import type { RunResult } from "../../../lib/host/run_program.ts";
import { tellName } from "../../../lib/parts/dns/dns_part.ts";
import { recordingLog } from "../../helpers/recording_log.ts";
import { type TempDir, tempDir } from "../../helpers/temp_dir.ts";

/** A machine's files, and what its programs do; one that is not named is not installed. */
async function machine(
  files: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, RunResult["kind"]>> = {},
) {
  const dir = await tempDir();
  for (const [path, text] of Object.entries(files)) await put(dir, path, text);
  const runs: { line: string; timeoutMs: number }[] = [];
  const log = recordingLog();
  return {
    dir,
    runs,
    log,
    tell: (remainingMs = Infinity) =>
      tellName("vm", {
        root: dir.path,
        stateDir: "/state",
        log,
        remainingMs: () => remainingMs,
        run(name, { args, timeoutMs }): Promise<RunResult> {
          runs.push({ line: [name, ...args].join(" "), timeoutMs });
          const kind = programs[name] ?? "absent";
          return Promise.resolve(
            kind === "failed" ? { kind, reason: `${name}: broken` } : { kind },
          );
        },
      }),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

async function put(dir: TempDir, path: string, text: string): Promise<void> {
  const whole = `${dir.path}${path}`;
  await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(whole, text);
}

Deno.test("nobody is told on a machine without a DHCP client", async () => {
  await using vm = await machine({ "/run/sshd.pid": "1" });
  assertEquals(await vm.tell(), { told: [], problems: [] });
  assertEquals(vm.runs, []);
});

Deno.test("all clients are told, and one that fails keeps no other from it", async () => {
  const id = "e388a64c-f69c-3e80-b88e-ccc0969a3822";
  await using vm = await machine({
    "/run/systemd/netif/leases/2": "ADDRESS=10.77.0.66\n",
    "/usr/lib/systemd/system/systemd-networkd.service":
      "RestartKillSignal=SIGUSR2\n",
    "/run/NetworkManager/devices/3":
      `connection-uuid=${id}\n[dhcp4]\ndhcp4.ip_address=10.77.0.87\n`,
    [`/var/lib/NetworkManager/internal-${id}-eth1.lease`]: "",
    "/run/dhclient.eth2.pid": "2",
    "/var/lib/dhcp/dhclient.eth2.leases": 'lease {\n  interface "eth2";\n}\n',
    "/run/dhcpcd/eth3.pid": "3",
    "/etc/dhcpcd.conf": "hostname\n",
    "/run/udhcpc.eth4.pid": "4",
  }, { nmcli: "failed", systemctl: "ok", dhclient: "ok", udhcpc: "ok" });
  assertEquals(await vm.tell(), {
    told: ["systemd-networkd", "dhclient on eth2", "udhcpc on eth4"],
    problems: [
      "NetworkManager on eth1: nmcli: broken",
      'dhcpcd on eth3: the program "dhcpcd" is not installed',
    ],
  });
  assertEquals(vm.log.lines, []);
});

for (const folder of ["/etc", "/usr/lib", "/lib"]) {
  Deno.test(`systemd-networkd is restarted where its unit in ${folder}/systemd/system keeps the address`, async () => {
    await using vm = await machine({
      "/run/systemd/netif/leases/2": "ADDRESS=10.77.0.66\n",
      [`${folder}/systemd/system/systemd-networkd.service`]:
        "RestartKillSignal=SIGUSR2\n",
    }, { systemctl: "ok" });
    assertEquals(await vm.tell(), { told: ["systemd-networkd"], problems: [] });
  });
}

Deno.test("what a sandbox refuses is run by systemd, where it is", async () => {
  await using vm = await machine({
    "/run/systemd/system/unit": "",
    "/run/dhclient.eth0.pid": "2",
  }, { "systemd-run": "ok" });
  assertEquals((await vm.tell()).told, ["dhclient on eth0"]);
  assertEquals(
    vm.runs.map(({ line }) => line.replace(/ -- .*/, "")),
    [
      "systemd-run --quiet --wait --collect --no-ask-password --service-type=exec --property=RuntimeMaxSec=5",
    ],
  );
});

Deno.test("a dhclient of our own leaves nothing behind", async () => {
  await using vm = await machine({ "/run/dhclient.eth0.pid": "2" }, {
    dhclient: "failed",
  });
  assertEquals((await vm.tell()).problems, [
    "dhclient on eth0: dhclient: broken",
  ]);
  assertEquals(vm.runs.length, 2);
  const left = await Array.fromAsync(Deno.readDir(`${vm.dir.path}/state`));
  assertEquals(left, []);
});

Deno.test("no program gets more than the time that is left, and each a little", async () => {
  await using vm = await machine({ "/run/udhcpc.eth0.pid": "2" });
  for (const remainingMs of [100_000, 2_000, -1]) await vm.tell(remainingMs);
  assertEquals(vm.runs.map(({ timeoutMs }) => timeoutMs), [5_000, 2_000, 500]);
});

Deno.test("a dhcpcd that may tell no name is warned of", async () => {
  await using vm = await machine({ "/run/dhcpcd/eth0.pid": "2" }, {
    dhcpcd: "ok",
  });
  assertEquals((await vm.tell()).told, ["dhcpcd on eth0"]);
  assertEquals(vm.log.lines, [
    'warn: The name may not get into DNS: dhcpcd tells no name by its settings; put the line "hostname" into /etc/dhcpcd.conf',
  ]);
});
