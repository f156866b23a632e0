import { assertEquals } from "@std/assert";
import type { RunResult } from "../../../lib/host/run_program.ts";
import { notifyClients } from "../../../lib/parts/dns/notify_clients.ts";
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
    notify: (remainingMs = Infinity) =>
      notifyClients("vm", {
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

Deno.test("nobody is notified on a machine without a DHCP client", async () => {
  await using vm = await machine({ "/run/sshd.pid": "1" });
  assertEquals(await vm.notify(), { notified: [], problems: [] });
  assertEquals(vm.runs, []);
});

Deno.test("all clients are notified, even if one fails", async () => {
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
  assertEquals(await vm.notify(), {
    notified: ["systemd-networkd", "dhclient on eth2", "udhcpc on eth4"],
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
    assertEquals(await vm.notify(), {
      notified: ["systemd-networkd"],
      problems: [],
    });
  });
}

Deno.test("systemd runs what the sandbox refuses, if it is the init", async () => {
  await using vm = await machine({
    "/run/systemd/system/unit": "",
    "/run/dhclient.eth0.pid": "2",
  }, { "systemd-run": "ok" });
  assertEquals((await vm.notify()).notified, ["dhclient on eth0"]);
  assertEquals(
    vm.runs.map(({ line }) => line.replace(/ -- .*/, "")),
    [
      "systemd-run --quiet --wait --collect --no-ask-password --service-type=exec --property=RuntimeMaxSec=5",
    ],
  );
});

Deno.test("temporary files are removed, also after a failure", async () => {
  await using vm = await machine({ "/run/dhclient.eth0.pid": "2" }, {
    dhclient: "failed",
  });
  assertEquals((await vm.notify()).problems, [
    "dhclient on eth0: dhclient: broken",
  ]);
  assertEquals(vm.runs.length, 2);
  const left = await Array.fromAsync(Deno.readDir(`${vm.dir.path}/state`));
  assertEquals(left, []);
});

Deno.test("no program gets more than the time that is left, but each gets half a second", async () => {
  await using vm = await machine({ "/run/udhcpc.eth0.pid": "2" });
  for (const remainingMs of [100_000, 2_000, -1]) await vm.notify(remainingMs);
  assertEquals(vm.runs.map(({ timeoutMs }) => timeoutMs), [5_000, 2_000, 500]);
});

Deno.test("a client that may send no name is warned of", async () => {
  await using vm = await machine({ "/run/dhcpcd/eth0.pid": "2" }, {
    dhcpcd: "ok",
  });
  assertEquals((await vm.notify()).notified, ["dhcpcd on eth0"]);
  assertEquals(vm.log.lines, [
    'warn: The name may not get into DNS: the settings of dhcpcd have it send no name; add the line "hostname" to /etc/dhcpcd.conf',
  ]);
});
