import { assertEquals } from "@std/assert";
import { TALK } from "../_agent.ts";
import { logOf } from "../_log_of.ts";
import { AZURE } from "./_hardware.ts";
import { machinesFor } from "./_machines.ts";
import {
  type Extras,
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";

const VM = {
  vmId: "bbbbbbbb-eeee-4eee-8eee-bbbbbbbbbbbb",
  computerName: "sandboxed-vm",
};
const PROBE = "/usr/local/lib/boot-test/probe";
const UNITS = "/etc/systemd/system";

/** What the probe tries, as a shell command each, and whether the unit lets it. */
const TRIES: readonly { what: string; command: string; allowed: boolean }[] = [
  {
    what: "read the chassis tag",
    command: "cat /sys/class/dmi/id/chassis_asset_tag",
    allowed: true,
  },
  { what: "write to /etc", command: "touch /etc/probe", allowed: true },
  { what: "write to /usr", command: "touch /usr/probe", allowed: false },
  {
    what: "write to /etc/systemd",
    command: "touch /etc/systemd/probe",
    allowed: false,
  },
  // The admin user's account may be locked, which is told from there.
  { what: "read /etc/shadow", command: "cat /etc/shadow", allowed: true },
  {
    what: "look into /root",
    command: `[ -n "$(ls -A /root)" ]`,
    allowed: false,
  },
  { what: "read the disk", command: "head -c 1 /dev/vda", allowed: false },
  { what: "mount", command: "mount -t tmpfs none /mnt", allowed: false },
  { what: "set the clock", command: "date -s @1800000000", allowed: false },
  {
    what: "read /proc/version",
    command: "cat /proc/version",
    allowed: false,
  },
  {
    what: "reach another address",
    command: `perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0) or exit 1;
      exit(defined(send(S, "x", 0, sockaddr_in(53, inet_aton("10.0.2.2")))) ? 0 : 1)'`,
    allowed: false,
  },
];

/** It runs in the unit's sandbox, before the program, and in a unit without one. */
const EXTRAS: Extras = {
  files: [{
    path: PROBE,
    mode: 0o755,
    text: "#!/bin/sh\n" +
      TRIES.map(({ what, command }) =>
        `if { ${command}; } >/dev/null 2>&1; then echo 'Probe: ${what}: yes'; else echo 'Probe: ${what}: no'; fi\n`
      ).join(""),
  }, {
    path: `${UNITS}/azure-provisioning.service.d/probe.conf`,
    text: `[Service]\nExecStartPre=${PROBE}\n`,
  }, {
    path: `${UNITS}/boot-test-probe.service`,
    text:
      `[Unit]\nAfter=azure-provisioning.service\nBefore=boot-test-done.service\n` +
      `[Service]\nType=oneshot\nExecStart=/bin/sh -c '${PROBE} >${TALK}/probe'\n`,
  }],
  links: [{
    path: `${UNITS}/multi-user.target.wants/boot-test-probe.service`,
    target: "../boot-test-probe.service",
  }],
};

for (const { recipe, provisioned } of machinesFor("sandbox")) {
  qemuTest(
    `${recipe.name} under QEMU: the unit's sandbox holds on a machine with real devices, and the program works in it`,
    async () => {
      await using disk = await makeQemuDisk(recipe, EXTRAS);
      const options = { hardware: AZURE, platform: VM };
      const view = await withQemuBoot(disk, options, async (boot) => {
        await boot.until(
          "the unit is done",
          () => boot.heardAll(provisioned),
          QEMU_BOOT_MS,
        );
        await boot.powerOff();
        return await boot.platform.stop();
      });
      assertEquals(view.ready.length, 1, view.lines.join("\n"));
      const tree = await disk.read();
      const outside = await Deno.readTextFile(`${tree}${TALK}/probe`);
      assertEquals(
        probed(outside.split("\n")),
        TRIES.map(({ what }) => `${what}: yes`),
        "without the sandbox",
      );
      assertEquals(
        probed(await logOf(recipe.init, tree)),
        TRIES.map(({ what, allowed }) => `${what}: ${allowed ? "yes" : "no"}`),
      );
    },
  );
}

function probed(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^Probe: (.*)/.exec(line)?.[1] ?? []);
}
