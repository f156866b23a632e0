import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { namesIn } from "../helpers/names_in.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";

/** A machine made up for units/common/first-boot: its paths lead into a folder of the test. */
interface Machine {
  readonly dir: string;
  /** Gives the machine a program, for sh. */
  program(script: string): Promise<void>;
  /** Runs first-boot. */
  boot(...args: readonly string[]): Promise<ProgramResult>;
  /** Reads a file of the machine; empty where there is none. */
  read(name: string): Promise<string>;
}

function firstBootTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options: { readonly onSystemd?: boolean } = {},
): void {
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`first-boot under ${shell}: ${name}`, async () => {
      await using temp = await tempDir();
      const dir = temp.path;
      const script = `${dir}/first-boot`;
      await Deno.writeTextFile(
        script,
        madeUp(
          await Deno.readTextFile(`${ROOT}units/common/first-boot`),
          dir,
          command,
          options.onSystemd ?? false,
        ),
      );
      await Deno.chmod(script, 0o755);
      await Deno.writeTextFile(`${dir}/anywhere`, "");
      await Deno.writeTextFile(`${dir}/console`, "");
      await Deno.mkdir(`${dir}/run`);
      await test({
        dir,
        async program(words) {
          await Deno.writeTextFile(`${dir}/program`, `#!/bin/sh\n${words}\n`);
          await Deno.chmod(`${dir}/program`, 0o755);
        },
        boot: (...args) =>
          finish(
            new Deno.Command(script, {
              args: [...args],
              stdin: "piped",
              stdout: "piped",
              stderr: "piped",
            }).spawn(),
          ),
        read: (file) => Deno.readTextFile(`${dir}/${file}`).catch(() => ""),
      });
    });
  }
}

/** Each path must be there to be led away: the test must never touch this machine's. */
function madeUp(
  script: string,
  dir: string,
  shell: readonly string[],
  onSystemd: boolean,
): string {
  if (onSystemd) Deno.mkdirSync(`${dir}/systemd`);
  const program = `#!/usr/bin/env -S ${shell.join(" ")}`;
  for (
    const [from, to] of [
      ["#!/bin/sh", program],
      ["program=/usr/local/bin/azure-provisioning", `program=${dir}/program`],
      [
        "media=/usr/local/lib/azure-provisioning/media",
        `media=${dir}/media`,
      ],
      ["log=/var/log/azure-provisioning.log", `log=${dir}/log`],
      ["copies=/run/azure-provisioning\n", `copies=${dir}/run/media\n`],
      ["lock=/run/azure-provisioning.lock", `lock=${dir}/run/lock`],
      ["anywhere=/etc/azure-provisioning.anywhere", `anywhere=${dir}/anywhere`],
      [
        "userdata=/usr/local/lib/azure-provisioning/userdata",
        `userdata=${dir}/userdata`,
      ],
      ["/etc/azure-provisioning.userdata\n", `${dir}/userdata-enabled\n`],
      ["/var/log/azure-provisioning-userdata.log\n", `${dir}/userdata.log\n`],
      ["/sys/class/dmi/id/chassis_asset_tag", `${dir}/tag`],
      ["/sys/bus", `${dir}/bus`],
      ["/dev/console", `${dir}/console`],
      ["/dev/log", `${dir}/no-syslog`],
      ["/run/systemd/system", `${dir}/systemd`],
      ["/run/azure-provisioning.next-boot", `${dir}/run/next-boot`],
    ] as const
  ) {
    assertStringIncludes(script, from);
    script = script.replaceAll(from, to);
  }
  return script;
}

firstBootTest(
  "the provisioning media are looked at before the program starts, and whatever comes of that it does",
  async ({ dir, program, boot, read }) => {
    await program(`echo "the program, after $(cat ${dir}/looked)" >&2`);
    await Deno.writeTextFile(
      `${dir}/media`,
      `#!/bin/sh\necho looked >${dir}/looked\necho a medium\nexit 3\n`,
    );
    await Deno.chmod(`${dir}/media`, 0o755);
    assertEquals((await boot()).code, 0);
    const log = await read("log");
    assertStringIncludes(log, " a medium\n");
    assertStringIncludes(log, " the program, after looked\n");
  },
);

firstBootTest(
  "a drive that hangs, and that nothing can end, keeps no program from starting",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    // The shell hears no signal while it waits for a mount.
    await Deno.writeTextFile(
      `${dir}/media`,
      `#!/bin/sh
trap 'exit 143' TERM
sh -c 'echo $$ >${dir}/mount.pid; exec sleep 100' >${dir}/said 2>&1
`,
    );
    await Deno.chmod(`${dir}/media`, 0o755);
    const script = await Deno.readTextFile(`${dir}/first-boot`);
    assertStringIncludes(script, "\nlongest_media=60\n");
    await Deno.writeTextFile(
      `${dir}/first-boot`,
      script.replace("longest_media=60", "longest_media=1"),
    );
    const start = Date.now();
    const { code } = await boot();
    const took = Date.now() - start;
    Deno.kill(Number(await read("mount.pid")), "SIGKILL");
    assertEquals(code, 0);
    assert(took < 40_000, `${took} ms`);
    assertStringIncludes(await read("log"), " started\n");
  },
);

firstBootTest(
  "what was copied from the provisioning media goes even where the program is killed",
  async ({ dir, program, boot }) => {
    await program(`cat ${dir}/run/media/ovf-env.xml; kill -KILL $$`);
    await Deno.writeTextFile(
      `${dir}/media`,
      `#!/bin/sh
mkdir ${dir}/run/media
for file in ovf-env.xml .ovf-env.xml.new; do echo here >${dir}/run/media/$file; done
`,
    );
    await Deno.chmod(`${dir}/media`, 0o755);
    assertEquals((await boot()).code, 137);
    assertEquals(await namesIn(`${dir}/run/media`), []);
  },
);

firstBootTest(
  "the provisioning media of what is not Azure are not looked at",
  async ({ dir, program, boot, read }) => {
    await program("exit 0");
    await Deno.remove(`${dir}/anywhere`).catch(() => {});
    await Deno.writeTextFile(`${dir}/tag`, "another\n");
    await Deno.writeTextFile(`${dir}/media`, `#!/bin/sh\n: >${dir}/looked\n`);
    await Deno.chmod(`${dir}/media`, 0o755);
    assertEquals((await boot()).code, 0);
    assertStringIncludes(await read("log"), "This is not Azure");
    assertEquals((await namesIn(dir)).includes("looked"), false);
  },
);

firstBootTest(
  "the program need not look for the machine's time zone",
  async ({ program, boot, read }) => {
    await program('echo "zone: $TZ" >&2');
    assertEquals((await boot()).code, 0);
    assertStringIncludes(await read("log"), "zone: UTC");
  },
);

firstBootTest(
  "after success the log has the lines, and the service is taken out",
  async ({ dir, program, boot, read }) => {
    await program("echo Retrieving >&2; printf 'Response: 200 OK' >&2");
    const flag = `${dir}/lib/done`;
    const { code } = await boot(
      "--once",
      flag,
      "--then",
      `echo out >>${dir}/then`,
    );
    assertEquals(code, 0);
    assertMatch(
      await read("log"),
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ Retrieving\n\S+Z Response: 200 OK\n$/,
    );
    assertStringIncludes(
      await read("console"),
      "azure-provisioning: Retrieving\n",
    );
    assertEquals(await read("then"), "out\n");
    assert((await Deno.stat(flag)).isFile);
    assertEquals(await Array.fromAsync(Deno.readDir(`${dir}/run`)), []);

    // The flag is there: the next boot does nothing.
    await program("echo again >&2");
    await boot("--once", flag, "--then", `echo out >>${dir}/then`);
    assertEquals(await read("then"), "out\n");
    assertEquals((await read("log")).includes("again"), false);
  },
);

firstBootTest(
  "after a failure the service stays, and the log says that it is tried again",
  async ({ dir, program, boot, read }) => {
    await program("echo 'Error: no network' >&2; exit 69");
    const { code } = await boot(
      "--once",
      `${dir}/done`,
      "--then",
      `echo out >${dir}/then`,
    );
    assertEquals(code, 69);
    assertStringIncludes(await read("log"), " Error: no network\n");
    assertStringIncludes(
      await read("log"),
      "failed with the exit status 69: it is tried again at the next boot\n",
    );
    assertEquals(await read("then"), "");
    assertEquals(await Array.fromAsync(Deno.readDir(`${dir}/run`)), []);

    await program("exit 0");
    assertEquals((await boot("--then", `echo out >${dir}/then`)).code, 0);
    assertEquals(await read("then"), "out\n");
  },
);

firstBootTest(
  "a program that cannot be run is a failure",
  async ({ dir, boot, read }) => {
    const { code } = await boot("--then", `echo out >${dir}/then`);
    assertEquals(code, 127);
    assertEquals(await read("then"), "");
  },
);

firstBootTest(
  "with --wait no boot waits longer than that, and the work goes on",
  async ({ dir, program, boot, read }) => {
    await program(
      `echo begin >&2; while [ ! -e ${dir}/go ]; do sleep 0.1; done; echo end >&2`,
    );
    const start = Date.now();
    const { code } = await boot(
      "--wait",
      "1",
      "--then",
      `echo out >${dir}/then`,
    );
    assertEquals(code, 0);
    assert(Date.now() - start < 8_000);
    assertEquals(await read("then"), "");
    await Deno.writeTextFile(`${dir}/go`, "");
    await until(async () => await read("then") === "out\n");
    assertStringIncludes(await read("log"), " end\n");
  },
);

firstBootTest(
  "with --wait it ends with the work",
  async ({ program, boot, dir, read }) => {
    await program("exit 0");
    const start = Date.now();
    await boot("--wait", "60", "--then", `echo out >${dir}/then`);
    assert(Date.now() - start < 20_000);
    assertEquals(await read("then"), "out\n");
  },
);

firstBootTest(
  "off Azure it says so and does nothing",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.remove(`${dir}/anywhere`);
    await Deno.writeTextFile(`${dir}/tag`, "another tag\n");
    const { code } = await boot("--then", `echo out >${dir}/then`);
    assertEquals(code, 0);
    assertStringIncludes(await read("log"), "This is not Azure: nothing to do");
    assertEquals((await read("log")).includes("started"), false);
    assertEquals(await read("then"), "");
  },
);

firstBootTest(
  "it knows Azure by its tag, and by a VMBus where the kernel shows no tag",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.remove(`${dir}/anywhere`);
    await Deno.writeTextFile(
      `${dir}/tag`,
      "7783-7084-3265-9085-8269-3286-77\n",
    );
    await boot();
    assertStringIncludes(await read("log"), " started\n");

    await Deno.remove(`${dir}/tag`);
    await Deno.mkdir(`${dir}/bus`);
    await Deno.remove(`${dir}/log`);
    await boot();
    assertStringIncludes(await read("log"), "This is not Azure");

    await Deno.mkdir(`${dir}/bus/vmbus`);
    await boot();
    assertStringIncludes(await read("log"), " started\n");
  },
);

firstBootTest(
  "where another one is at work it leaves it alone; a lock of an earlier boot does not count",
  async ({ dir, program, boot, read }) => {
    await program(
      `echo started >&2; while [ ! -e ${dir}/go ]; do sleep 0.1; done`,
    );
    const first = boot();
    await until(async () => (await read("log")).includes("started"));
    assertEquals((await boot("--then", `echo out >${dir}/then`)).code, 0);
    assertEquals(await read("then"), "");
    await Deno.writeTextFile(`${dir}/go`, "");
    assertEquals((await first).code, 0);

    await Deno.mkdir(`${dir}/run/lock`);
    await Deno.writeTextFile(`${dir}/run/lock/pid`, "1\n");
    await boot("--then", `echo out >${dir}/then`);
    assertEquals(await read("then"), "out\n");
  },
);

firstBootTest(
  "where systemd runs the machine, its own unit does the work",
  async ({ program, boot, read }) => {
    await program("echo started >&2");
    assertEquals((await boot()).code, 0);
    assertEquals(await read("log"), "");
  },
  { onSystemd: true },
);

firstBootTest(
  "it runs the user data after success, if that is enabled, and does not wait for them",
  async ({ dir, program, boot, read }) => {
    await Deno.writeTextFile(
      `${dir}/userdata`,
      `#!/bin/sh\necho begin\nwhile [ ! -e ${dir}/go ]; do sleep 0.1; done\necho end >&2\n`,
    );
    await Deno.chmod(`${dir}/userdata`, 0o755);
    await program("exit 0");
    assertEquals((await boot()).code, 0);
    assertEquals(await read("userdata.log"), "");

    await Deno.writeTextFile(`${dir}/userdata-enabled`, "");
    await program("exit 75");
    assertEquals((await boot()).code, 75);
    assertEquals(await read("userdata.log"), "");

    await program("exit 0");
    assertEquals((await boot("--then", `echo out >${dir}/then`)).code, 0);
    assertEquals(await read("then"), "out\n");
    await until(async () => await read("userdata.log") === "begin\n");
    await Deno.writeTextFile(`${dir}/go`, "");
    await until(async () => await read("userdata.log") === "begin\nend\n");
    const { mode } = await Deno.stat(`${dir}/userdata.log`);
    assertEquals(mode! & 0o777, 0o600);
  },
);

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !await condition();) {
    if (Date.now() - start > 20_000) throw new Error("It does not come true");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

firstBootTest(
  "what was enabled on the running machine waits for its next boot",
  async (machine) => {
    await machine.program("echo ran");
    const thisBoot = await Deno.readTextFile("/proc/sys/kernel/random/boot_id");
    await Deno.writeTextFile(`${machine.dir}/run/next-boot`, thisBoot);
    assertEquals((await machine.boot("--then", "false")).code, 0);
    assertEquals(await machine.read("log"), "");

    await Deno.writeTextFile(`${machine.dir}/run/next-boot`, "another boot\n");
    assertEquals((await machine.boot()).code, 0);
    assertStringIncludes(await machine.read("log"), "ran");
  },
);
