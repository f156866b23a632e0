import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makePipe } from "../helpers/make_pipe.ts";
import { namesIn } from "../helpers/names_in.ts";
import { type ProgramResult } from "../helpers/program.ts";
import { run } from "../helpers/command.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";
import { putScript, UUID } from "./_scripts.ts";

/** A machine made up for units/common/this-vm. */
interface Machine {
  readonly dir: string;
  /** Where success is recorded. */
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
): void {
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`this-vm under ${shell}: ${name}`, async () => {
      await using temp = await tempDir();
      const dir = temp.path;
      await putScript("this-vm", dir, command);
      await Deno.writeTextFile(`${dir}/anywhere`, "");
      // A script that waits is a failure, and not a test that hangs.
      const thisVm = (...args: readonly string[]) =>
        run("timeout", ["10", `${dir}/this-vm`, ...args]);
      const uuid = (text: string) => Deno.writeTextFile(`${dir}/uuid`, text);
      await uuid(`${UUID}\n`);
      await test({
        dir,
        flag: `${dir}/state/boot-done`,
        uuid,
        thisVm,
        needs: async () => (await thisVm("needs-provisioning")).code,
      });
    });
  }
}

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
      assertEquals((await namesIn(dir)).includes("state"), false);
      await Deno.mkdir(`${dir}/state`);
      await Deno.writeTextFile(flag, text.toLowerCase());
      assertEquals(await needs(), YES);
      assertEquals((await thisVm("is-provisioned")).code, UNKNOWN);
    },
  );
}

thisVmTest(
  "a machine that shows no UUID, or a pipe, has none",
  async ({ dir, thisVm, needs }) => {
    await Deno.remove(`${dir}/uuid`);
    assertEquals(await needs(), YES);
    await makePipe(`${dir}/uuid`);
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
      await Deno.symlink(`${dir}/elsewhere`, flag);
    },
  },
  {
    what: "a link that leads nowhere",
    put: (flag, dir) => Deno.symlink(`${dir}/elsewhere`, flag),
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
      await Deno.mkdir(`${dir}/state`);
      await put(flag, dir);
      const elsewhere = () =>
        Deno.readTextFile(`${dir}/elsewhere`).catch(() => undefined);
      const before = await elsewhere();
      assertEquals(await needs(), YES);
      assertEquals((await thisVm("is-provisioned")).code, NO);
      assertEquals((await thisVm("set-provisioned")).stdout, "");
      assert((await Deno.lstat(flag)).isFile);
      assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
      assertEquals(await namesIn(`${dir}/state`), ["boot-done"]);
      assertEquals(await elsewhere(), before);
      assertEquals(await needs(), NO);
    },
  );
}

thisVmTest(
  "the file that becomes the flag is a new one, and written through no link",
  async ({ dir, flag, thisVm }) => {
    await Deno.mkdir(`${dir}/state`);
    await Deno.writeTextFile(`${dir}/elsewhere`, "mine");
    await Deno.symlink(`${dir}/elsewhere`, `${dir}/state/.boot-done.new`);
    await thisVm("set-provisioned");
    assertEquals(await Deno.readTextFile(flag), `${UUID}\n`);
    assertEquals(await Deno.readTextFile(`${dir}/elsewhere`), "mine");
  },
);

thisVmTest(
  "a flag that cannot be written is no failure, and said",
  async ({ dir, flag, thisVm, needs }) => {
    await Deno.mkdir(`${dir}/state`);
    for (
      const put of [
        () => Deno.mkdir(flag),
        () => Deno.symlink("/dev/null/nowhere", `${dir}/state`),
        () => Deno.writeTextFile(`${dir}/state`, ""),
      ]
    ) {
      await put();
      const { code, stdout, stderr } = await thisVm("set-provisioned");
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, `Cannot write ${flag}`);
      assertEquals(await needs(), YES);
      await Deno.remove(`${dir}/state`, { recursive: true });
    }
  },
);

thisVmTest(
  "a machine that is not Azure's needs no provisioning, and is told so unless it is done",
  async ({ dir, thisVm }) => {
    await Deno.remove(`${dir}/anywhere`);
    await Deno.writeTextFile(`${dir}/tag`, "another\n");
    const { code, stdout } = await thisVm("needs-provisioning");
    assertEquals(code, NO);
    assertStringIncludes(stdout, "This is not Azure: nothing to do");
    await thisVm("set-provisioned");
    assertEquals((await thisVm("needs-provisioning")).stdout, "");
  },
);

thisVmTest(
  "without dd it does not say that the machine has no UUID",
  async ({ dir, thisVm, needs }) => {
    const script = await Deno.readTextFile(`${dir}/this-vm`);
    assertStringIncludes(script, " dd if=");
    await Deno.writeTextFile(
      `${dir}/this-vm`,
      script.replaceAll(" dd if=", " no-such-program if="),
    );
    assertEquals(await needs(), YES);
    const { code, stdout } = await thisVm("set-provisioned");
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Cannot tell this machine by");
  },
);

thisVmTest("it says how it is used", async ({ thisVm }) => {
  for (const args of [[], ["--help"]]) {
    const { code, stderr } = await thisVm(...args);
    assertEquals(code, 64);
    assertStringIncludes(stderr, "needs-provisioning");
  }
});
