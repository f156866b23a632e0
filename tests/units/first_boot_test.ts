import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { finish, type ProgramResult } from "../helpers/program.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { namesIn } from "../helpers/names_in.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";
import { putScript, UUID } from "./_scripts.ts";

/** A machine made up for units/common/first-boot: its paths lead into a folder of the test. */
interface Machine {
  readonly dir: string;
  /** Gives the machine a program, for sh. */
  program(script: string): Promise<void>;
  /** Starts first-boot. */
  start(...args: readonly string[]): Deno.ChildProcess;
  /** Runs first-boot to its end. */
  boot(...args: readonly string[]): Promise<ProgramResult>;
  /** Reads a file of the machine; empty where there is none. */
  read(name: string): Promise<string>;
}

/** Where success is recorded. */
const FLAG = "state/boot-done";

function firstBootTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options: { readonly onSystemd?: boolean; readonly asRoot?: boolean } = {},
): void {
  for (const { name: shell, command } of SHELLS) {
    const ignore = options.asRoot === true && Deno.uid() !== 0;
    Deno.test({
      name: `first-boot under ${shell}: ${name}`,
      ignore,
      fn: async () => {
        await using temp = await tempDir();
        const dir = temp.path;
        const script = `${dir}/first-boot`;
        await putScript("first-boot", dir, command);
        await putScript("this-vm", dir, command);
        await Deno.writeTextFile(
          `${dir}/comm`,
          options.onSystemd ? "systemd\n" : "init\n",
        );
        if (options.onSystemd) await Deno.mkdir(`${dir}/systemd`);
        await Deno.writeTextFile(`${dir}/anywhere`, "");
        await Deno.writeTextFile(`${dir}/console`, "");
        await Deno.writeTextFile(`${dir}/uuid`, `${UUID.toUpperCase()}\n`);
        await Deno.mkdir(`${dir}/run`);
        const start = (...args: readonly string[]) =>
          new Deno.Command(script, {
            args: [...args],
            stdin: "piped",
            stdout: "piped",
            stderr: "piped",
          }).spawn();
        await test({
          dir,
          async program(words) {
            await Deno.writeTextFile(`${dir}/program`, `#!/bin/sh\n${words}\n`);
            await Deno.chmod(`${dir}/program`, 0o755);
          },
          start,
          boot: (...args) => finish(start(...args)),
          read: (file) => Deno.readTextFile(`${dir}/${file}`).catch(() => ""),
        });
      },
    });
  }
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
  "after success the log has the lines, and later boots of this VM start nothing",
  async ({ dir, program, boot, read }) => {
    await program("echo Retrieving >&2; printf 'Response: 200 OK' >&2");
    assertEquals((await boot()).code, 0);
    const log = await read("log");
    assertMatch(
      log,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ Retrieving\n\S+Z Response: 200 OK\n$/,
    );
    assertStringIncludes(
      await read("console"),
      "azure-provisioning: Retrieving\n",
    );
    assertEquals(await read(FLAG), `${UUID}\n`);
    assertEquals(await namesIn(`${dir}/run`), []);

    await program("echo again >&2");
    await Deno.writeTextFile(
      `${dir}/media`,
      "#!/bin/sh\necho media\n",
      { mode: 0o755 },
    );
    assertEquals((await boot()).code, 0);
    const start = Date.now();
    assertEquals((await boot("--wait", "30")).code, 0);
    assert(Date.now() - start < 900, "a boot waits though nothing is to do");
    assertEquals(await read("log"), log);
  },
);

firstBootTest(
  "a VM that was made from the disk of one that is done provisions, and is done then",
  async ({ dir, program, boot, read }) => {
    await program(`echo ran >>${dir}/ran`);
    assertEquals((await boot()).code, 0);
    const other = "4c4c4544-0042-3510-8052-b4c04f4d3233";
    await Deno.writeTextFile(`${dir}/uuid`, `${other}\n`);
    assertEquals((await boot()).code, 0);
    assertEquals(await read("ran"), "ran\nran\n");
    assertEquals(await read(FLAG), `${other}\n`);
    assertEquals((await boot()).code, 0);
    assertEquals(await read("ran"), "ran\nran\n");
  },
);

firstBootTest(
  "a power cut before success is recorded: the next boot runs the program once more, and records it",
  async ({ dir, program, boot, read }) => {
    // The program finds its mark.
    await program(`echo ran >>${dir}/ran`);
    await Deno.mkdir(`${dir}/state`);
    await Deno.writeTextFile(`${dir}/state/.boot-done.new`, UUID.slice(0, 9));
    assertEquals((await boot()).code, 0);
    assertEquals(await read(FLAG), `${UUID}\n`);
    assertEquals(await namesIn(`${dir}/state`), ["boot-done"]);
    await boot();
    assertEquals(await read("ran"), "ran\n");
  },
);

firstBootTest(
  "a machine without a UUID runs the program at every boot, and says why",
  async ({ dir, program, boot, read }) => {
    await program(`echo ran >>${dir}/ran`);
    await Deno.remove(`${dir}/uuid`);
    for (const ran of ["ran\n", "ran\nran\n"]) {
      await Deno.remove(`${dir}/log`).catch(() => {});
      assertEquals((await boot()).code, 0);
      assertEquals(await read("ran"), ran);
      assertEquals(
        (await read("log")).match(/by a UUID of its own/g)?.length,
        1,
      );
    }
    assertEquals((await namesIn(dir)).includes("state"), false);
  },
);

firstBootTest(
  "without the script that knows whose VM it is, the program runs",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.remove(`${dir}/this-vm`);
    assertEquals((await boot()).code, 0);
    assertStringIncludes(await read("log"), " started\n");
  },
);

firstBootTest(
  "what the units of an earlier version say to it has no meaning any more",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.mkdir(`${dir}/state`);
    await Deno.writeTextFile(`${dir}/${FLAG}`, "");
    const args = ["--once", `${dir}/${FLAG}`, "--then", `: >${dir}/then`];
    assertEquals((await boot(...args)).code, 0);
    assertStringIncludes(await read("log"), " started\n");
    assertEquals((await namesIn(dir)).includes("then"), false);
  },
);

firstBootTest(
  "after a failure nothing is recorded, and the log says that it is tried again",
  async ({ dir, program, boot, read }) => {
    await program("echo 'Error: no network' >&2; exit 69");
    assertEquals((await boot()).code, 69);
    assertStringIncludes(await read("log"), " Error: no network\n");
    assertStringIncludes(
      await read("log"),
      "failed with the exit status 69: it is tried again at the next boot\n",
    );
    assertEquals(await read(FLAG), "");
    assertEquals(await namesIn(`${dir}/run`), []);

    await program("exit 0");
    assertEquals((await boot()).code, 0);
    assertEquals(await read(FLAG), `${UUID}\n`);
  },
);

firstBootTest(
  "a program that cannot be run is a failure",
  async ({ boot, read }) => {
    assertEquals((await boot()).code, 127);
    assertEquals(await read(FLAG), "");
  },
);

firstBootTest(
  "with --wait no boot waits longer than that, and the work goes on",
  async ({ dir, program, boot, read }) => {
    await program(
      `echo begin >&2; while [ ! -e ${dir}/go ]; do sleep 0.1; done; echo end >&2`,
    );
    const start = Date.now();
    assertEquals((await boot("--wait", "1")).code, 0);
    assert(Date.now() - start < 8_000);
    assertEquals(await read(FLAG), "");
    await Deno.writeTextFile(`${dir}/go`, "");
    await until(async () => await read(FLAG) === `${UUID}\n`);
    assertStringIncludes(await read("log"), " end\n");
  },
);

firstBootTest(
  "with --wait it ends with the work",
  async ({ program, boot, read }) => {
    await program("exit 0");
    const start = Date.now();
    await boot("--wait", "60");
    assert(Date.now() - start < 20_000);
    assertEquals(await read(FLAG), `${UUID}\n`);
  },
);

firstBootTest(
  "off Azure it says so and does nothing",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.remove(`${dir}/anywhere`);
    await Deno.writeTextFile(`${dir}/tag`, "another tag\n");
    for (const args of [[], ["--wait", "30"]]) {
      await Deno.remove(`${dir}/log`).catch(() => {});
      assertEquals((await boot(...args)).code, 0);
      const log = await read("log");
      assertEquals(log.match(/This is not Azure: nothing to do/g)?.length, 1);
      assertEquals(log.includes("started"), false);
      assertEquals(await read(FLAG), "");
    }
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

    await Deno.remove(`${dir}/${FLAG}`);
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
    assertEquals((await boot()).code, 0);
    assertEquals(await read(FLAG), "");
    await Deno.writeTextFile(`${dir}/go`, "");
    assertEquals((await first).code, 0);

    await Deno.mkdir(`${dir}/run/lock`);
    await Deno.writeTextFile(`${dir}/run/lock/pid`, "1\n");
    await Deno.remove(`${dir}/${FLAG}`);
    await boot();
    assertEquals(await read(FLAG), `${UUID}\n`);
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
  "the folder of a systemd that does not run the machine does not count",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.mkdir(`${dir}/systemd`);
    assertEquals((await boot()).code, 0);
    assertStringIncludes(await read("log"), " started\n");

    await Deno.remove(`${dir}/${FLAG}`);
    assertEquals((await boot("--wait", "30")).code, 0);
    assertEquals(await read(FLAG), `${UUID}\n`);
  },
);

/** Starts first-boot with a process id that a lock of an earlier boot names. */
const WITH_LOCK_OF_ITS_OWN_ID = `mkdir "$1/run/lock"
echo "$$$2" >"$1/run/lock/pid"
shift 2
exec "$@"`;

for (
  const [of, boot] of [
    ["an earlier boot", " 11111111-2222-4333-8444-555555555555"],
    ["an earlier version", ""],
  ] as const
) {
  firstBootTest(
    `a lock of ${of} does not count, though this very script has its process id by now`,
    async ({ dir, program, read }) => {
      await program("echo started >&2");
      for (const args of [[], ["--wait", "30"]]) {
        const { success } = await new Deno.Command("sh", {
          args: ["-euc", WITH_LOCK_OF_ITS_OWN_ID, "sh", dir, boot].concat(
            `${dir}/first-boot`,
            args,
          ),
        }).output();
        assert(success);
        assertEquals(await read(FLAG), `${UUID}\n`);
        assertEquals(await namesIn(`${dir}/run`), []);
        await Deno.remove(`${dir}/${FLAG}`);
      }
    },
  );
}

firstBootTest(
  "a lock's folder that others may write to is no place for its pipes",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    await Deno.mkdir(`${dir}/run/lock`);
    await Deno.chmod(`${dir}/run/lock`, 0o777);
    const { mtime } = await Deno.stat(`${dir}/run/lock`);
    assertEquals((await boot()).code, 0);
    assertEquals(await read("log"), "started\n");
    assertEquals(await namesIn(`${dir}/run/lock`), []);
    assertEquals((await Deno.stat(`${dir}/run/lock`)).mtime, mtime);
  },
);

firstBootTest(
  "whatever the init's umask, nobody else can write to what it makes",
  async ({ dir, program, read }) => {
    await program(`ls -ld ${dir}/run/lock >${dir}/seen; umask >>${dir}/seen`);
    await Deno.writeTextFile(`${dir}/userdata-enabled`, "");
    const { success } = await new Deno.Command("sh", {
      args: ["-c", 'umask 0; exec "$0"', `${dir}/first-boot`],
    }).output();
    assert(success);
    assertMatch(await read("seen"), /^drwx.-..-. [^]*\n0?022\n$/);
    for (const name of ["log", "userdata.log", "state", FLAG]) {
      const { mode } = await Deno.stat(`${dir}/${name}`);
      assertEquals(mode! & 0o022, 0, name);
    }
  },
);

firstBootTest(
  "a machine without id(1) has a log",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    const script = await Deno.readTextFile(`${dir}/first-boot`);
    assertStringIncludes(script, "$(id -u");
    await Deno.writeTextFile(
      `${dir}/first-boot`,
      script.replaceAll("$(id -u", "$(no-such-program -u"),
    );
    assertEquals((await boot()).code, 0);
    assertStringIncludes(await read("log"), " started\n");
  },
  { asRoot: true },
);

/** Makes the console block whoever writes to it, as a serial line does whose other end says stop. */
async function blockConsole(dir: string): Promise<void> {
  await Deno.remove(`${dir}/console`);
  await makePipe(`${dir}/console`);
}

/** Makes syslog block, as a full socket does that nobody reads. */
async function blockSyslog(dir: string): Promise<void> {
  const script = await Deno.readTextFile(`${dir}/first-boot`);
  assertStringIncludes(script, "logger -t azure-provisioning");
  await Deno.writeTextFile(
    `${dir}/logger`,
    `#!/bin/sh\nexec cat ${dir}/unread\n`,
    { mode: 0o755 },
  );
  await makePipe(`${dir}/unread`);
  await Deno.writeTextFile(
    `${dir}/first-boot`,
    script.replaceAll("logger -t azure-provisioning", `${dir}/logger -t x`)
      .replace(`-S ${dir}/no-syslog`, "0 = 0"),
  );
}

for (
  const [what, block] of [
    ["a console", blockConsole],
    ["a syslog", blockSyslog],
  ] as const
) {
  firstBootTest(
    `${what} that blocks holds up no boot: the log has every line, and success and user data do not wait`,
    async ({ dir, program, boot, read }) => {
      await block(dir);
      await program("for n in 1 2 3 4 5; do echo line $n >&2; done");
      await Deno.writeTextFile(`${dir}/userdata-enabled`, "");
      await Deno.writeTextFile(`${dir}/userdata`, "#!/bin/sh\necho ran\n", {
        mode: 0o755,
      });
      const start = Date.now();
      assertEquals((await boot()).code, 0);
      assert(Date.now() - start < 10_000, `it took ${Date.now() - start} ms`);
      const log = await read("log");
      assertEquals(log.match(/line \d/g)?.length, 5, log);
      assertEquals(await read(FLAG), `${UUID}\n`);
      await until(async () => await read("userdata.log") === "ran\n");
      await until(async () => await processesOf(dir) === "");
    },
  );

  firstBootTest(
    `${what} that blocks holds up no boot that fails, or that is not Azure's`,
    async ({ dir, program, boot, read }) => {
      await block(dir);
      await program("exit 69");
      const start = Date.now();
      assertEquals((await boot()).code, 69);
      await Deno.remove(`${dir}/anywhere`);
      await Deno.writeTextFile(`${dir}/tag`, "another\n");
      assertEquals((await boot("--wait", "60")).code, 0);
      assert(Date.now() - start < 10_000, `it took ${Date.now() - start} ms`);
      assertStringIncludes(await read("log"), "This is not Azure");
      await until(async () => await processesOf(dir) === "");
    },
  );
}

/** The processes that have a folder's name on their command line. */
async function processesOf(dir: string): Promise<string> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`)
      .catch(() => "");
    if (line.includes(dir)) found.push(line.replaceAll("\0", " "));
  }
  return found.join("\n");
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  firstBootTest(
    `${signal} at any moment: it ends in time, leaves nothing behind, and the next boot provisions`,
    async ({ dir, program, start, boot, read }) => {
      await program("sleep 0.1; echo done >&2");
      await Deno.writeTextFile(
        `${dir}/media`,
        `#!/bin/sh\nmkdir -p ${dir}/run/media\necho secret >${dir}/run/media/ovf-env.xml\nsleep 0.1\n`,
        { mode: 0o755 },
      );
      await Deno.writeTextFile(`${dir}/userdata-enabled`, "");
      await Deno.writeTextFile(`${dir}/userdata`, "#!/bin/sh\n", {
        mode: 0o755,
      });
      for (let round = 0; round < 8; round++) {
        const running = start();
        await new Promise((resolve) => setTimeout(resolve, round * 60));
        const at = Date.now();
        try {
          running.kill(signal);
        } catch {
          // It has ended.
        }
        await finish(running);
        const took = Date.now() - at;
        assert(took < 5_000, `${took} ms in round ${round}`);
        await until(async () => await processesOf(`${dir}/`) === "");
        if (signal === "SIGTERM") {
          assertEquals(
            (await namesIn(`${dir}/run`)).filter((name) => name !== "media"),
            [],
            `round ${round}`,
          );
          assertEquals(
            await namesIn(`${dir}/run/media`).catch(() => []),
            [],
            `round ${round}`,
          );
        }
        assertEquals((await boot()).code, 0, `round ${round}`);
        assertEquals(await read(FLAG), `${UUID}\n`, `round ${round}`);
        assertEquals(await namesIn(`${dir}/run/media`), []);
        await Deno.remove(`${dir}/${FLAG}`);
      }
    },
  );
}

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
    await Deno.remove(`${dir}/${FLAG}`);
    await program("exit 75");
    assertEquals((await boot()).code, 75);
    assertEquals(await read("userdata.log"), "");

    await program("exit 0");
    assertEquals((await boot()).code, 0);
    assertEquals(await read(FLAG), `${UUID}\n`);
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
    assertEquals((await machine.boot()).code, 0);
    assertEquals(await machine.read("log"), "");

    await Deno.writeTextFile(`${machine.dir}/run/next-boot`, "another boot\n");
    assertEquals((await machine.boot()).code, 0);
    assertStringIncludes(await machine.read("log"), "ran");
  },
);

/** What may be in a log's place, and where nothing must be written then. */
const UNSAFE_LOGS: readonly {
  what: string;
  put: (log: string, dir: string) => Promise<void>;
}[] = [
  {
    what: "a link to a file",
    put: async (log, dir) => {
      await Deno.writeTextFile(`${dir}/elsewhere`, "mine\n");
      await Deno.symlink(`${dir}/elsewhere`, log);
    },
  },
  {
    what: "a link that leads nowhere",
    put: (log, dir) => Deno.symlink(`${dir}/elsewhere`, log),
  },
  {
    what: "a file with another name",
    put: async (log, dir) => {
      await Deno.writeTextFile(`${dir}/elsewhere`, "mine\n");
      await Deno.link(`${dir}/elsewhere`, log);
    },
  },
  { what: "a pipe", put: (log) => makePipe(log) },
  {
    what: "a file in a folder that a group may write",
    put: async (log) => {
      await Deno.writeTextFile(log, "mine\n");
      await Deno.chmod(log.slice(0, log.lastIndexOf("/")), 0o775);
    },
  },
  {
    what: "nothing yet, in a folder that everybody may write",
    put: (log) => Deno.chmod(log.slice(0, log.lastIndexOf("/")), 0o1777),
  },
];

for (const { what, put } of UNSAFE_LOGS) {
  firstBootTest(
    `${what} in a log's place is left alone, and the console says so`,
    async ({ dir, program, boot, read }) => {
      await program("echo started >&2");
      await Deno.writeTextFile(`${dir}/userdata-enabled`, "");
      await Deno.writeTextFile(
        `${dir}/userdata`,
        `#!/bin/sh\necho secret\n: >${dir}/userdata-ran\n`,
        { mode: 0o755 },
      );
      for (const log of ["log", "userdata.log"]) {
        const folder = `${dir}/logs-${log}`;
        await Deno.mkdir(folder);
        const script = await Deno.readTextFile(`${dir}/first-boot`);
        await Deno.writeTextFile(
          `${dir}/first-boot`,
          script.replace(`log=${dir}/${log}\n`, `log=${folder}/log\n`),
        );
        await put(`${folder}/log`, dir);
        const before = await snapshot(folder, dir);
        await Deno.remove(`${dir}/${FLAG}`).catch(() => {});
        assertEquals((await boot()).code, 0);
        await until(async () => (await namesIn(dir)).includes("userdata-ran"));
        const said = await read("console");
        assertStringIncludes(said, "azure-provisioning: started\n");
        const unsafe = said.split("\n").filter((line) =>
          line.includes(`${folder}/log`)
        );
        assertEquals(unsafe.length, 1, said);
        assertMatch(unsafe[0]!, /is not root's alone$/);
        assertEquals(await snapshot(folder, dir), before);
        await Deno.remove(`${dir}/elsewhere`).catch(() => {});
        await Deno.remove(`${dir}/userdata-ran`);
      }
    },
  );
}

/** What is in a folder, and in the file elsewhere that something in it may lead to. */
async function snapshot(folder: string, dir: string): Promise<unknown> {
  const entries = await Array.fromAsync(
    Deno.readDir(folder),
    async ({ name }) => {
      const { isFile, isSymlink, size, ino } = await Deno.lstat(
        `${folder}/${name}`,
      );
      return { name, isFile, isSymlink, size, ino };
    },
  );
  const elsewhere = await Deno.readTextFile(`${dir}/elsewhere`)
    .catch(() => undefined);
  return { entries, elsewhere };
}

for (
  const [what, put] of [
    ["a pipe", (path: string) => makePipe(path)],
    [
      "a link to an endless device",
      (path: string) => Deno.symlink("/dev/zero", path),
    ],
    ["an endless file", async (path: string) => {
      await Deno.writeTextFile(path, "");
      await Deno.truncate(path, 2 ** 42);
    }],
  ] as const
) {
  firstBootTest(
    `${what} in the place of what it reads in /run holds up no boot`,
    async ({ dir, program, boot, read }) => {
      await program("echo started >&2");
      await Deno.mkdir(`${dir}/run/lock`);
      await put(`${dir}/run/lock/pid`);
      await put(`${dir}/run/next-boot`);
      const start = Date.now();
      assertEquals((await boot()).code, 0);
      assert(Date.now() - start < 10_000);
      assertStringIncludes(await read("log"), " started\n");
    },
  );
}

firstBootTest(
  "without a pipe for it, the program writes to the log itself",
  async ({ dir, program, boot, read }) => {
    await program("echo started >&2");
    const script = await Deno.readTextFile(`${dir}/first-boot`);
    assertStringIncludes(script, "mkfifo -m 600");
    await Deno.writeTextFile(
      `${dir}/first-boot`,
      script.replace("mkfifo -m 600", "no-such-program"),
    );
    assertEquals((await boot()).code, 0);
    assertEquals(await read("log"), "started\n");
    assertEquals(await read(FLAG), `${UUID}\n`);
  },
);

/** A program, for sh, that waits until it is told to end. */
function waiting(dir: string, atEnd: string): string {
  return `sleep 100 >/dev/null 2>&1 &
trap "kill $!; ${atEnd}" TERM
: >${dir}/began
wait`;
}

firstBootTest(
  "what the program leaves running does not keep success from being recorded",
  async ({ dir, program, boot, read }) => {
    await program(`sleep 30 & echo $! >${dir}/left`);
    const start = Date.now();
    assertEquals((await boot()).code, 0);
    const took = Date.now() - start;
    Deno.kill(Number(await read("left")), "SIGKILL");
    assert(took < 10_000, `it took ${took} ms`);
    assertEquals(await read(FLAG), `${UUID}\n`);
  },
);

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  firstBootTest(
    `${signal} is passed on to the program, whose last words are in the log`,
    async ({ dir, program, start, read }) => {
      await program(
        waiting(dir, "sleep 0.5; echo Stopped >&2; exit 143"),
      );
      const running = start();
      await until(async () => (await namesIn(dir)).includes("began"));
      const at = Date.now();
      running.kill(signal);
      assertEquals((await finish(running)).code, 143);
      assert(Date.now() - at < 3_000, `it took ${Date.now() - at} ms`);
      assertStringIncludes(await read("log"), " Stopped\n");
      assertStringIncludes(await read("log"), "with the exit status 143");
      assertEquals(await read(FLAG), "");
      assertEquals(await namesIn(`${dir}/run`), []);
    },
  );
}

firstBootTest(
  "a program that does not end when it is told is killed",
  async ({ dir, program, start, read }) => {
    const script = await Deno.readTextFile(`${dir}/first-boot`);
    assertStringIncludes(script, "\ngrace=10\n");
    await Deno.writeTextFile(
      `${dir}/first-boot`,
      script.replace("\ngrace=10\n", "\ngrace=1\n"),
    );
    await program(`trap '' TERM; : >${dir}/began; exec sleep 100`);
    const running = start();
    await until(async () => (await namesIn(dir)).includes("began"));
    const at = Date.now();
    running.kill("SIGTERM");
    assertEquals((await finish(running)).code, 137);
    assert(Date.now() - at < 5_000, `it took ${Date.now() - at} ms`);
    assertEquals(await read(FLAG), "");
  },
);

firstBootTest(
  "a signal while the media are looked at ends that, and the program does not start",
  async ({ dir, program, start, read }) => {
    await program("echo started >&2");
    await Deno.writeTextFile(
      `${dir}/media`,
      `#!/bin/sh\n${waiting(dir, "exit 143")}\n`,
      { mode: 0o755 },
    );
    const running = start();
    await until(async () => (await namesIn(dir)).includes("began"));
    const at = Date.now();
    running.kill("SIGTERM");
    assertEquals((await finish(running)).code, 143);
    assert(Date.now() - at < 2_000, `it took ${Date.now() - at} ms`);
    assertEquals((await read("log")).includes("started"), false);
  },
);

firstBootTest(
  "a signal while it waits for the work in the background ends both",
  async ({ dir, program, start, read }) => {
    await program(
      waiting(dir, "echo Stopped >&2; exit 143"),
    );
    const running = start("--wait", "60");
    await until(async () => (await namesIn(dir)).includes("began"));
    const at = Date.now();
    running.kill("SIGTERM");
    assertEquals((await finish(running)).code, 143);
    assert(Date.now() - at < 1_000, `it took ${Date.now() - at} ms`);
    await until(async () => (await read("log")).includes(" Stopped\n"));
  },
);
