import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { makePipe } from "../helpers/make_pipe.ts";
import { namesIn } from "../helpers/names_in.ts";
import { type ProgramResult, ROOT } from "../helpers/program.ts";
import {
  type MachineOptions,
  machineTest,
  SCRIPTS,
  STATE,
  UUID,
  UUID_FILE,
} from "./_machine.ts";

/** A machine made up for units/common/this-vm. */
interface Machine {
  /** Its root. */
  readonly dir: string;
  /** Where success is recorded, as the test sees it. */
  readonly flag: string;
  /** Shows a UUID in the machine's SMBIOS. */
  uuid(text: string): Promise<void>;
  /** Runs this-vm. */
  thisVm(...args: readonly string[]): Promise<ProgramResult>;
  /** The exit status of `this-vm needs-provisioning`. */
  needs(): Promise<number>;
}

function thisVmTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options?: MachineOptions,
): void {
  machineTest(`this-vm: ${name}`, async ({ root, put, run }) => {
    // A script that waits is a failure, and not a test that hangs.
    const thisVm = (...args: readonly string[]) =>
      run("timeout", "10", `${SCRIPTS}/this-vm`, ...args);
    await test({
      dir: root,
      flag: `${root}${STATE}/boot-done`,
      uuid: (text) => put(UUID_FILE, text),
      thisVm,
      needs: async () => (await thisVm("needs-provisioning")).code,
    });
  }, options);
}

const NEEDED_UNIT = `${ROOT}units/systemd/azure-provisioning-needed.service`;

const YES = 0;
const NO = 3;
const UNKNOWN = 4;

thisVmTest(
  "success is recorded for this VM, in capitals or not, and for no other",
  async ({ flag, uuid, thisVm, needs }) => {
    assertEquals(await needs(), YES);
    assertEquals((await thisVm("is-provisioned")).code, NO);
    assertEquals(await thisVm("set-provisioned"), {
      code: 0,
      stdout: "",
      stderr: "",
    });
    assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
    assertEquals((await Deno.stat(flag)).mode! & 0o777, 0o600);
    for (const text of [UUID, UUID.toUpperCase()]) {
      await uuid(`${text}\n`);
      const { code, stdout, stderr } = await thisVm("needs-provisioning");
      assertEquals([code, stdout, stderr], [NO, "", ""]);
      assertEquals((await thisVm("is-provisioned")).code, 0);
    }
    await uuid(`${UUID.replace(/.$/, "7")}\n`);
    assertEquals(await needs(), YES);
    assertEquals((await thisVm("is-provisioned")).code, NO);
  },
);

for (
  const [what, text] of [
    ["none", ""],
    ["what the firmware's author forgot to fill in", "Not Settable\n"],
    ["zeros", "00000000-0000-0000-0000-000000000000\n"],
    ["ones", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n"],
    ["one digit", "11111111-1111-1111-1111-111111111111\n"],
    ["a vendor's placeholder", "03000200-0400-0500-0006-000700080009\n"],
    ["another's", "12345678-1234-5678-90AB-CDDEEFAABBCC\n"],
    ["one that is too short", `${UUID.slice(1)}\n`],
    ["one with something behind it", `${UUID}x\n`],
    ["hyphens", `${UUID.replace(/^..../, "----")}\n`],
  ] as const
) {
  thisVmTest(
    `a UUID that identifies nothing (${what}) is none: nothing is recorded, and no record counts`,
    async ({ dir, flag, uuid, thisVm, needs }) => {
      await uuid(text);
      const { code, stdout } = await thisVm("set-provisioned");
      assertEquals(code, 0);
      assertStringIncludes(
        stdout,
        "Cannot tell this machine by a UUID of its own",
      );
      assertEquals(await namesIn(`${dir}/var/lib`), []);
      await Deno.mkdir(`${dir}${STATE}`);
      await Deno.writeTextFile(flag, text.toLowerCase());
      assertEquals(await needs(), YES);
      assertEquals((await thisVm("is-provisioned")).code, UNKNOWN);
    },
  );
}

thisVmTest(
  "a machine that shows no UUID, or a pipe, has none",
  async ({ dir, thisVm, needs }) => {
    await Deno.remove(`${dir}${UUID_FILE}`);
    assertEquals(await needs(), YES);
    await makePipe(`${dir}${UUID_FILE}`);
    assertEquals(await needs(), YES);
    assertStringIncludes(
      (await thisVm("set-provisioned")).stdout,
      "Cannot tell this machine by a UUID of its own",
    );
  },
);

/** What may be in the flag's place; each is put there by a test of its own. */
const NO_FLAGS: readonly {
  what: string;
  put: (flag: string, dir: string) => Promise<void>;
}[] = [
  {
    what: "the empty file of an earlier version",
    put: (flag) => Deno.writeTextFile(flag, ""),
  },
  {
    what: "a file that only begins with the UUID",
    put: (flag) => Deno.writeTextFile(flag, `${UUID}\n${"x".repeat(100)}`),
  },
  {
    what: "an endless file",
    put: async (flag) => {
      await Deno.writeTextFile(flag, "");
      await Deno.truncate(flag, 2 ** 42);
    },
  },
  {
    what: "a link to a file with the UUID",
    put: async (flag, dir) => {
      await Deno.writeTextFile(`${dir}/elsewhere`, `${UUID}\n`);
      await Deno.symlink("/elsewhere", flag);
    },
  },
  {
    what: "a link that leads nowhere",
    put: (flag) => Deno.symlink("/elsewhere", flag),
  },
  { what: "a pipe", put: (flag) => makePipe(flag) },
  {
    what: "a link to a device",
    put: (flag) => Deno.symlink("/dev/zero", flag),
  },
];

for (const { what, put } of NO_FLAGS) {
  thisVmTest(
    `${what} in the flag's place counts as none, and success replaces it`,
    async ({ dir, flag, thisVm, needs }) => {
      await Deno.mkdir(`${dir}${STATE}`);
      await put(flag, dir);
      const elsewhere = () =>
        Deno.readTextFile(`${dir}/elsewhere`).catch(() => undefined);
      const before = await elsewhere();
      assertEquals(await needs(), YES);
      assertEquals((await thisVm("is-provisioned")).code, NO);
      assertEquals((await thisVm("set-provisioned")).stdout, "");
      assert((await Deno.lstat(flag)).isFile);
      assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
      assertEquals(await namesIn(`${dir}${STATE}`), ["boot-done"]);
      assertEquals(await elsewhere(), before);
      assertEquals(await needs(), NO);
    },
  );
}

thisVmTest(
  "the file that becomes the flag is a new one, and written through no link",
  async ({ dir, flag, thisVm }) => {
    await Deno.mkdir(`${dir}${STATE}`);
    await Deno.writeTextFile(`${dir}/elsewhere`, "mine");
    await Deno.symlink("/elsewhere", `${dir}${STATE}/.boot-done.new`);
    await thisVm("set-provisioned");
    assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
    assertEquals(await Deno.readTextFile(`${dir}/elsewhere`), "mine");
  },
);

thisVmTest(
  "a flag that cannot be written is no failure, and said",
  async ({ dir, flag, thisVm, needs }) => {
    await Deno.mkdir(`${dir}${STATE}`);
    for (
      const put of [
        () => Deno.mkdir(flag),
        () => Deno.symlink("/dev/null/nowhere", `${dir}${STATE}`),
        () => Deno.writeTextFile(`${dir}${STATE}`, ""),
      ]
    ) {
      await put();
      const { code, stdout, stderr } = await thisVm("set-provisioned");
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, `Cannot write ${STATE}/boot-done`);
      assertEquals(await needs(), YES);
      await Deno.remove(`${dir}${STATE}`, { recursive: true });
    }
  },
);

thisVmTest(
  "a machine that is not Azure's needs no provisioning, and is told so unless it is done",
  async ({ dir, thisVm }) => {
    await Deno.remove(`${dir}/etc/azure-provisioning.anywhere`);
    await Deno.writeTextFile(
      `${dir}/sys/class/dmi/id/chassis_asset_tag`,
      "another\n",
    );
    const { code, stdout } = await thisVm("needs-provisioning");
    assertEquals(code, NO);
    assertStringIncludes(stdout, "This is not Azure: nothing to do");
    await thisVm("set-provisioned");
    assertEquals((await thisVm("needs-provisioning")).stdout, "");
  },
);

thisVmTest(
  "without dd success is recorded, but not believed: the program decides",
  async ({ dir, flag, thisVm, needs }) => {
    await Deno.remove(`${dir}/bin/dd`);
    assertEquals(await needs(), YES);
    const { code, stdout } = await thisVm("set-provisioned");
    assertEquals([code, stdout], [0, ""]);
    assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
    assertEquals(await needs(), YES);
  },
  { only: "dash" },
);

const MEDIA = "/run/azure-provisioning";

const NOT_NEEDED = "/run/azure-provisioning.not-needed";

thisVmTest(
  "it decides for systemd by a file, which says no and nothing else",
  async ({ dir, uuid, thisVm }) => {
    const isNeeded = async () => {
      const { code } = await thisVm("decide");
      assertEquals(code, 0);
      return await Deno.lstat(`${dir}${NOT_NEEDED}`).then(
        () => false,
        () => true,
      );
    };
    await Deno.mkdir(`${dir}/run/azure-provisioning`, { recursive: true });
    const media = (name: string) => `${dir}/run/azure-provisioning/${name}`;
    await Deno.writeTextFile(media("media-unwanted"), "of an earlier run");
    assertEquals(await isNeeded(), true);
    // The program may wait for the media.
    const marks = await Array.fromAsync(
      Deno.readDir(media("")),
      ({ name }) => name,
    );
    assertEquals(marks, ["media-awaited"]);
    // The program makes this the flag.
    const next = () => Deno.readTextFile(`${dir}${STATE}/.boot-done.new`);
    assertEquals(await next(), `${UUID}\n`);
    await Deno.remove(media(""), { recursive: true });
    await thisVm("set-provisioned");
    assertEquals(await isNeeded(), false);
    await assertRejects(() => Deno.lstat(media("")), Deno.errors.NotFound);
    // Of a VM that was made from this one while it ran.
    await uuid("4c4c4544-0042-3510-8052-b4c04f4d9999\n");
    assertEquals(await isNeeded(), true);
    // Where there is no answer, there is no file.
    assertEquals(await next(), "4c4c4544-0042-3510-8052-b4c04f4d9999\n");
    await Deno.writeTextFile(`${dir}${NOT_NEEDED}`, "");
    await Deno.remove(`${dir}${UUID_FILE}`);
    assertEquals(await isNeeded(), true);
    // That would be another VM's.
    await assertRejects(next, Deno.errors.NotFound);
  },
);

for (
  const [socket, text, isWoken] of [
    ["/usr/lib/systemd/system/dbus.socket", "[Socket]\n", true],
    ["/etc/systemd/system/dbus.socket", "[Socket]\n", true],
    ["/etc/systemd/system/dbus.socket", "", false],
    ["/nowhere", "", false],
  ] as const
) {
  machineTest(
    `this-vm: with ${text === "" ? "nothing" : "a socket"} in ${socket} it ${
      isWoken ? "wakes hostnamed, without its requirements" : "wakes nothing"
    }`,
    async ({ run, put, read }) => {
      await put("/bin/systemctl", '#!/bin/sh\necho "$*" >>/started\n');
      await put(socket, text);
      assertEquals((await run(`${SCRIPTS}/this-vm`, "decide")).code, 0);
      assertEquals(
        await read("/started"),
        isWoken
          ? "--no-block --job-mode=ignore-requirements start systemd-hostnamed.service\n"
          : "",
      );
    },
  );
}

const MODULES = `/lib/modules/${Deno.osRelease()}`;
const BOOTED = "/run/booted-system/kernel-modules";
const WITH_DRIVER =
  "kernel/drivers/scsi/sr_mod.ko.xz: kernel/drivers/cdrom/cdrom.ko.xz\n";

for (
  const [kernel, files, canHaveDrive] of [
    ["the driver in it", ["/sys/bus/scsi/drivers/sr/bind"], true],
    ["a module of the driver", [`${MODULES}/modules.dep`], true],
    ["a module of the driver in /usr", [`/usr${MODULES}/modules.dep`], true],
    ["a module of it where NixOS has them", [
      `${BOOTED}${MODULES}/modules.dep`,
    ], true],
    ["modules that nobody lists", [`${MODULES}/kernel/a.ko`], true],
    ["other drivers only", ["/sys/bus/scsi/drivers/sd/bind"], false],
    ["no modules, and no driver", [], false],
    [
      "another kernel's modules only",
      ["/lib/modules/1.2.3/modules.dep"],
      false,
    ],
  ] as const
) {
  machineTest(
    `this-vm: a kernel with ${kernel} ${
      canHaveDrive ? "may show" : "never shows"
    } a drive`,
    async ({ run, put, remove, names }) => {
      await remove("/sys/bus/scsi");
      for (const path of files) await put(path, WITH_DRIVER);
      assertEquals(await run(`${SCRIPTS}/this-vm`, "expect-media"), {
        code: 0,
        stdout: canHaveDrive
          ? ""
          : "No provisioning media: the kernel has no driver of optical drives\n",
        stderr: "",
      });
      assertEquals(await names(MEDIA), [
        canHaveDrive ? "media-awaited" : "media-unwanted",
      ]);
    },
  );
}

machineTest(
  "this-vm: an empty list of modules says nothing",
  async ({ run, put, remove, names }) => {
    await remove("/sys/bus/scsi");
    await put(`${MODULES}/modules.dep`, "");
    const { code, stdout } = await run(`${SCRIPTS}/this-vm`, "expect-media");
    assertEquals([code, stdout], [0, ""]);
    assertEquals(await names(MEDIA), ["media-awaited"]);
  },
);

machineTest(
  "this-vm: if it cannot say that the media will be looked for, it still decides the rest",
  async ({ run, put, read }) => {
    await put(`${MEDIA}/media-awaited/something`, "");
    await run(`${SCRIPTS}/this-vm`, "decide");
    assertEquals(await read(`${STATE}/.boot-done.new`), `${UUID}\n`);
  },
);

for (
  const [tag, hasVmbus, isNeeded] of [
    ["", true, true],
    ["\n", true, true],
    [" \n", true, true],
    ["\n", false, false],
    ["7783-7084-3265-9085-8269-3286-77\n", false, true],
    ["7783-7084-3265-9085-8269-3286-77", false, true],
    ["another", true, false],
  ] as const
) {
  thisVmTest(
    `the chassis tag ${JSON.stringify(tag)} ${
      hasVmbus ? "with" : "without"
    } a VMBus ${isNeeded ? "may be" : "is not"} Azure's`,
    async ({ dir, needs }) => {
      await Deno.remove(`${dir}/etc/azure-provisioning.anywhere`);
      await Deno.mkdir(`${dir}/sys/bus/${hasVmbus ? "vmbus" : "pci"}`, {
        recursive: true,
      });
      await Deno.writeTextFile(
        `${dir}/sys/class/dmi/id/chassis_asset_tag`,
        tag,
      );
      assertEquals(await needs(), isNeeded ? YES : NO);
    },
  );
}

machineTest(
  "this-vm: the folders that its unit makes are for all to enter, even where those above are missing and the unit's umask is strict",
  async ({ root, run, remove }) => {
    const unit = await Deno.readTextFile(NEEDED_UNIT);
    const command = /^ExecStartPre=-(.*)$/m.exec(unit)![1]!;
    const mask = /^UMask=(.*)$/m.exec(unit)![1]!;
    await remove("/var");
    const made = await run("sh", "-c", `umask ${mask}; ${command}`);
    assertEquals(made, { code: 0, stdout: "", stderr: "" });
    for (const path of ["/var", "/var/lib", "/var/lib/azure-provisioning"]) {
      assertEquals((await Deno.stat(root + path)).mode! & 0o777, 0o755, path);
    }
  },
);

thisVmTest("it says how it is used", async ({ thisVm }) => {
  for (const args of [[], ["--help"]]) {
    const { code, stderr } = await thisVm(...args);
    assertEquals(code, 64);
    assertStringIncludes(stderr, "needs-provisioning");
  }
});
