import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { makePipe } from "../helpers/make_pipe.ts";
import { finish } from "../helpers/program.ts";
import {
  assertHas,
  type Machine,
  type MachineOptions,
  machineTest,
  PROGRAM,
  SCRIPTS,
  STATE,
  until,
  UUID,
  UUID_FILE,
  within,
} from "./_machine.ts";

const FIRST_BOOT = `${SCRIPTS}/first-boot`;
const MEDIA = `${SCRIPTS}/media`;
const USER_DATA = `${SCRIPTS}/userdata`;
const FLAG = `${STATE}/boot-done`;
const LOG = "/var/log/azure-provisioning.log";
const USER_DATA_LOG = "/var/log/azure-provisioning-userdata.log";
const USER_DATA_ENABLED = "/etc/azure-provisioning.userdata";
const ANYWHERE = "/etc/azure-provisioning.anywhere";
const TAG = "/sys/class/dmi/id/chassis_asset_tag";
const COPIES = "/run/azure-provisioning";
const LOCK = "/run/azure-provisioning.lock";
const NEXT_BOOT = "/run/azure-provisioning.next-boot";
const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77\n";
const STARTED = "#!/bin/sh\necho started >&2\n";
const RAN = "#!/bin/sh\necho ran >>/ran\n";

/** A machine whose media are not there, and whose program says that it has started. */
function firstBootTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options?: MachineOptions,
): void {
  machineTest(`first-boot: ${name}`, async (machine) => {
    await machine.remove(MEDIA);
    await machine.put(PROGRAM, STARTED);
    await machine.put(USER_DATA, "#!/bin/sh\n");
    await test(machine);
  }, options);
}

function boot(machine: Machine, ...args: readonly string[]) {
  return machine.run(FIRST_BOOT, ...args);
}

/** One boot, and what it leaves. */
interface Boot {
  /** What holds. */
  readonly name: string;
  /** Files of the machine. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths that it does not have. */
  readonly without?: readonly string[];
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** The exit status; 0 by default. */
  readonly code?: number;
  /** What the log has, and nothing else if it is a whole text. */
  readonly log?: readonly string[] | string;
  /** Whether success is recorded; it is by default. */
  readonly done?: boolean;
  /** What is in /run. */
  readonly run?: readonly string[];
  readonly options?: MachineOptions;
}

const BOOTS: readonly Boot[] = [
  {
    name: "the media are read before the program starts, whatever comes of it",
    files: {
      [MEDIA]: "#!/bin/sh\necho looked >/looked\necho a medium\nexit 3\n",
      [PROGRAM]: "#!/bin/sh\necho after $(cat /looked) >&2\n",
    },
    log: [" a medium\n", " after looked\n"],
  },
  {
    name: "the copy of the media goes even if the program is killed",
    files: {
      [MEDIA]: `#!/bin/sh
mkdir ${COPIES}
for file in ovf-env.xml .ovf-env.xml.new; do echo here >${COPIES}/$file; done
`,
      [PROGRAM]: `#!/bin/sh\ncat ${COPIES}/ovf-env.xml; kill -KILL $$\n`,
    },
    code: 137,
    log: [" here\n"],
    done: false,
    run: ["azure-provisioning"],
  },
  {
    name: "the program need not look for the machine's time zone",
    files: { [PROGRAM]: '#!/bin/sh\necho "zone: $TZ" >&2\n' },
    log: ["zone: UTC"],
  },
  {
    name: "without the script that knows whose VM it is, the program runs",
    without: [`${SCRIPTS}/this-vm`],
    log: [" started\n"],
    done: false,
  },
  {
    name: "what units of earlier versions pass is ignored",
    files: { [FLAG]: "" },
    args: ["--once", FLAG, "--then", ": >/then"],
    log: [" started\n"],
  },
  {
    name: "a failure is not recorded, and the log says what happens next",
    files: { [PROGRAM]: "#!/bin/sh\necho 'Error: no network' >&2; exit 69\n" },
    code: 69,
    log: [
      " Error: no network\n",
      "failed with exit status 69; the next boot tries again\n",
    ],
    done: false,
  },
  {
    name: "a program that cannot be run is a failure",
    without: [PROGRAM],
    code: 127,
    done: false,
  },
  {
    name: "under systemd, systemd's own unit does the work",
    files: { "/comm": "systemd\n", "/run/systemd/system/x": "" },
    log: "",
    done: false,
    run: ["systemd"],
  },
  {
    name: "the folder of a systemd that does not run the machine counts not",
    files: { "/run/systemd/system/x": "" },
    log: [" started\n"],
    run: ["systemd"],
  },
  {
    name: "nor does it with --wait",
    files: { "/run/systemd/system/x": "" },
    args: ["--wait", "30"],
    log: [" started\n"],
    run: ["systemd"],
  },
  {
    name: "a lock that names a process which is no first-boot counts not",
    files: { [`${LOCK}/pid`]: "1\n" },
    log: [" started\n"],
  },
  {
    name: "Azure is known by its tag",
    files: { [TAG]: AZURE_TAG },
    without: [ANYWHERE],
    log: [" started\n"],
  },
  {
    name: "without a tag, a VMBus tells Azure",
    files: { "/sys/bus/vmbus/x": "" },
    without: [ANYWHERE],
    log: [" started\n"],
  },
  {
    name: "with neither it is not Azure",
    without: [ANYWHERE],
    log: ["This is not Azure"],
    done: false,
  },
  ...[[], ["--wait", "30"]].map((args): Boot => ({
    name: `off Azure it says so once and looks at no media: "${
      args.join(" ")
    }"`,
    files: {
      [TAG]: "another tag\n",
      [MEDIA]: "#!/bin/sh\necho a medium\n",
    },
    without: [ANYWHERE],
    args,
    log: [
      "This is not Azure: nothing to do (create /etc/azure-provisioning.anywhere to run anyway)\n",
    ],
    done: false,
  })),
  {
    name: "without id(1) there is a log",
    without: ["/bin/id"],
    log: [" started\n"],
    options: { only: "dash" },
  },
  {
    name: "without mkfifo(1) the program writes to the log itself",
    without: ["/bin/mkfifo"],
    log: "started\n",
    options: { only: "dash" },
  },
  {
    name: "without a place for pipes the program writes to the log itself",
    files: { [`${LOCK}/output/x`]: "" },
    log: "started\n",
  },
];

for (const it of BOOTS) {
  firstBootTest(it.name, async (machine) => {
    await machine.remove(...it.without ?? []);
    for (const [path, text] of Object.entries(it.files ?? {})) {
      await machine.put(path, text);
    }
    const { code } = await boot(machine, ...it.args ?? []);
    assertEquals(code, it.code ?? 0);
    const log = await machine.read(LOG);
    if (typeof it.log === "string") assertEquals(log, it.log);
    else {
      for (const words of it.log ?? []) {
        assertEquals(log.split(words).length, 2, `"${words}" in ${log}`);
      }
      // Every line of the log has a time.
      assertMatch(log, /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ .*\n)*$/);
    }
    assertEquals(
      log.includes("started"),
      JSON.stringify(it.log ?? "").includes("started"),
    );
    assertEquals(
      await machine.read(FLAG),
      it.done === false ? "" : `${UUID}\n`,
    );
    assertEquals(await machine.names("/run"), it.run ?? []);
    assertEquals(await machine.names(COPIES), []);
    assertEquals(await machine.has("/then"), false);
  }, it.options);
}

firstBootTest(
  "a drive that hangs, and that nothing can end, keeps no program from starting",
  async (machine) => {
    // The shell handles no signal while it waits for a mount.
    await machine.put(
      MEDIA,
      "#!/bin/sh\ntrap 'exit 143' TERM\nsh -c 'exec sleep 100' >/said 2>&1\n",
    );
    const { code } = await within(40_000, () => boot(machine));
    assertEquals(code, 0);
    assertStringIncludes(await machine.read(LOG), " started\n");
  },
  { numbers: { longest_media: 1, grace: 1 } },
);

firstBootTest(
  "after success the log has the lines, and later boots of this VM start nothing",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\necho Retrieving >&2; printf 'Response: 200 OK' >&2\n",
    );
    assertEquals((await boot(machine)).code, 0);
    const log = await machine.read(LOG);
    assertMatch(log, /^\S+Z Retrieving\n\S+Z Response: 200 OK\n$/);
    assertStringIncludes(
      await machine.read("/dev/console"),
      "azure-provisioning: Retrieving\n",
    );
    await machine.put(MEDIA, "#!/bin/sh\necho media\n");
    assertEquals((await boot(machine)).code, 0);
    // It would wait in steps of a second.
    await within(900, () => boot(machine, "--wait", "30"));
    assertEquals(await machine.read(LOG), log);
  },
);

firstBootTest(
  "a VM that was made from the disk of one that is done provisions, and is done then",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    const other = "4c4c4544-0042-3510-8052-b4c04f4d3233";
    for (const [uuid, ran] of [[UUID, 1], [other, 2], [other, 2]] as const) {
      await machine.put(UUID_FILE, `${uuid}\n`);
      assertEquals((await boot(machine)).code, 0);
      assertEquals(await machine.read(FLAG), `${uuid}\n`);
      assertEquals(await machine.read("/ran"), "ran\n".repeat(ran));
    }
  },
);

firstBootTest(
  "after a power cut before success is recorded, or a failure, the next boot runs the program once more, and records it",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    await machine.put(`${STATE}/.boot-done.new`, UUID.slice(0, 9));
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
    assertEquals(await machine.names(STATE), ["boot-done"]);
    await boot(machine);
    assertEquals(await machine.read("/ran"), "ran\n");
  },
);

firstBootTest(
  "a machine without a UUID runs the program at every boot, and says why",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    await machine.remove(UUID_FILE);
    for (const ran of ["ran\n", "ran\nran\n"]) {
      await machine.remove(LOG);
      assertEquals((await boot(machine)).code, 0);
      assertEquals(await machine.read("/ran"), ran);
      const log = await machine.read(LOG);
      assertEquals(log.match(/by a UUID of its own/g)?.length, 1);
    }
    assertEquals(await machine.has(STATE), false);
  },
);

firstBootTest(
  "with --wait no boot waits longer than that, and the work goes on",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\nwhile [ ! -e /go ]; do sleep 0.1; done; echo end >&2\n",
    );
    await within(8_000, () => boot(machine, "--wait", "1"));
    assertEquals(await machine.read(FLAG), "");
    await machine.put("/go", "");
    await until(async () => await machine.read(FLAG) === `${UUID}\n`);
    assertStringIncludes(await machine.read(LOG), " end\n");

    await machine.remove(FLAG);
    await within(20_000, () => boot(machine, "--wait", "60"));
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
  },
);

firstBootTest(
  "where another one is at work it leaves it alone",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\necho started >&2; while [ ! -e /go ]; do sleep 0.1; done\n",
    );
    const first = boot(machine);
    await until(async () => (await machine.read(LOG)).includes("started"));
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), "");
    await machine.put("/go", "");
    assertEquals((await first).code, 0);
  },
);

for (
  const [of, words] of [
    ["an earlier boot", " 11111111-2222-4333-8444-555555555555"],
    ["an earlier version", ""],
  ] as const
) {
  firstBootTest(
    `a lock of ${of} does not count, though this very script has its process id by now`,
    async (machine) => {
      for (const args of [[], ["--wait", "30"]]) {
        const { code } = await machine.run(
          "sh",
          "-euc",
          `mkdir ${LOCK}\necho "$$${words}" >${LOCK}/pid\nexec "$@"`,
          "sh",
          FIRST_BOOT,
          ...args,
        );
        assertEquals(code, 0);
        assertEquals(await machine.read(FLAG), `${UUID}\n`);
        assertEquals(await machine.names("/run"), []);
        await machine.remove(FLAG);
      }
    },
  );
}

firstBootTest(
  "a lock's folder that others may write to is no place for its pipes",
  async (machine) => {
    await machine.put(`${LOCK}/x`, "");
    await machine.remove(`${LOCK}/x`);
    await Deno.chmod(`${machine.root}${LOCK}`, 0o777);
    const { mtime } = await Deno.stat(`${machine.root}${LOCK}`);
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(LOG), "started\n");
    assertEquals((await Deno.stat(`${machine.root}${LOCK}`)).mtime, mtime);
  },
);

firstBootTest(
  "whatever the init's umask, nobody else can write to what it makes",
  async (machine) => {
    await machine.put(
      PROGRAM,
      `#!/bin/sh\nls -ld ${LOCK} >/seen; umask >>/seen\n`,
    );
    await machine.put(USER_DATA_ENABLED, "");
    const { code } = await machine.run(
      "sh",
      "-c",
      `umask 0; exec ${FIRST_BOOT}`,
    );
    assertEquals(code, 0);
    assertMatch(await machine.read("/seen"), /^drwx.-..-. [^]*\n0?022\n$/);
    for (const path of [LOG, USER_DATA_LOG, STATE, FLAG]) {
      const { mode } = await Deno.stat(`${machine.root}${path}`);
      assertEquals(mode! & 0o022, 0, path);
    }
  },
);

/** Makes something block whoever writes to it; gives the process that goes on, if one does. */
const BLOCKING: Readonly<
  Record<string, (machine: Machine) => Promise<number | undefined>>
> = {
  // As a serial line does whose other end says stop.
  "a console": async ({ root, remove }) => {
    await remove("/dev/console");
    await makePipe(`${root}/dev/console`);
    return undefined;
  },
  // A daemon that hangs: its socket fills up.
  "a syslog": async ({ start, run, has }) => {
    const daemon = start("syslogd", "-n", "-O", "/dev/null");
    await until(() => has("/dev/log"));
    daemon.kill("SIGSTOP");
    await run("sh", "-c", "while timeout 1 logger x; do :; done");
    daemon.unref();
    await daemon.stdin.close();
    await daemon.stdout.cancel();
    await daemon.stderr.cancel();
    return daemon.pid;
  },
};

for (const [what, block] of Object.entries(BLOCKING)) {
  firstBootTest(
    `${what} that blocks holds up no boot: the log has every line, and success and user data do not wait`,
    async (machine) => {
      const daemon = await block(machine);
      await machine.put(
        PROGRAM,
        "#!/bin/sh\nfor n in 1 2 3 4 5; do echo line $n >&2; done\n",
      );
      await machine.put(USER_DATA_ENABLED, "");
      await machine.put(USER_DATA, "#!/bin/sh\necho ran\n");
      const { code } = await within(10_000, () => boot(machine));
      assertEquals(code, 0);
      const log = await machine.read(LOG);
      assertEquals(log.match(/line \d/g)?.length, 5, log);
      assertEquals(await machine.read(FLAG), `${UUID}\n`);
      await until(async () => await machine.read(USER_DATA_LOG) === "ran\n");
      await machine.idle(daemon);
    },
  );

  firstBootTest(
    `${what} that blocks holds up no boot that fails, or that is not Azure's`,
    async (machine) => {
      const daemon = await block(machine);
      await machine.put(PROGRAM, "#!/bin/sh\nexit 69\n");
      await within(10_000, async () => {
        assertEquals((await boot(machine)).code, 69);
        await machine.remove(ANYWHERE);
        await machine.put(TAG, "another\n");
        assertEquals((await boot(machine, "--wait", "60")).code, 0);
      });
      assertStringIncludes(await machine.read(LOG), "This is not Azure");
      await machine.idle(daemon);
    },
  );
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  firstBootTest(
    `${signal} at any moment: it ends in time, leaves nothing behind, and the next boot provisions`,
    async (machine) => {
      await machine.put(PROGRAM, "#!/bin/sh\nsleep 0.1; echo done >&2\n");
      await machine.put(
        MEDIA,
        `#!/bin/sh\nmkdir -p ${COPIES}\necho secret >${COPIES}/ovf-env.xml\nsleep 0.1\n`,
      );
      await machine.put(USER_DATA_ENABLED, "");
      for (let round = 0; round < 8; round++) {
        const running = machine.start(FIRST_BOOT);
        await new Promise((resolve) => setTimeout(resolve, round * 60));
        await within(5_000, () => {
          try {
            running.kill(signal);
          } catch {
            // It has ended.
          }
          return finish(running);
        });
        await machine.idle();
        if (signal === "SIGTERM") {
          assertEquals(
            (await machine.names("/run")).filter((name) =>
              name !== "azure-provisioning"
            ),
            [],
            `round ${round}`,
          );
          assertEquals(await machine.names(COPIES), [], `round ${round}`);
        }
        assertEquals((await boot(machine)).code, 0, `round ${round}`);
        assertEquals(await machine.read(FLAG), `${UUID}\n`, `round ${round}`);
        assertEquals(await machine.names(COPIES), []);
        await machine.remove(FLAG);
      }
    },
  );
}

firstBootTest(
  "it runs the user data after success, if that is enabled, and does not wait for it",
  async (machine) => {
    await machine.put(
      USER_DATA,
      "#!/bin/sh\necho begin\nwhile [ ! -e /go ]; do sleep 0.1; done\necho end >&2\n",
    );
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.has(USER_DATA_LOG), false);

    await machine.put(USER_DATA_ENABLED, "");
    await machine.remove(FLAG);
    await machine.put(PROGRAM, "#!/bin/sh\nexit 75\n");
    assertEquals((await boot(machine)).code, 75);
    assertEquals(await machine.has(USER_DATA_LOG), false);

    await machine.put(PROGRAM, STARTED);
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
    await until(async () => await machine.read(USER_DATA_LOG) === "begin\n");
    await machine.put("/go", "");
    await until(async () =>
      await machine.read(USER_DATA_LOG) === "begin\nend\n"
    );
    const { mode } = await Deno.stat(`${machine.root}${USER_DATA_LOG}`);
    assertEquals(mode! & 0o777, 0o600);
  },
);

firstBootTest(
  "what was enabled on the running machine waits for its next boot",
  async (machine) => {
    await machine.put(
      NEXT_BOOT,
      await Deno.readTextFile("/proc/sys/kernel/random/boot_id"),
    );
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(LOG), "");

    await machine.put(NEXT_BOOT, "another boot\n");
    assertEquals((await boot(machine)).code, 0);
    assertStringIncludes(await machine.read(LOG), "started");
  },
);

/** What may be in a log's place, or wrong with its folder; a path in the machine's root. */
const UNSAFE_LOGS: Readonly<
  Record<string, (log: string, root: string) => Promise<void>>
> = {
  "a link to a file": async (log, root) => {
    await Deno.writeTextFile(`${root}/elsewhere`, "mine\n");
    await Deno.symlink("/elsewhere", `${root}${log}`);
  },
  "a link that leads nowhere": (log, root) =>
    Deno.symlink("/elsewhere", `${root}${log}`),
  "a file with another name": async (log, root) => {
    await Deno.writeTextFile(`${root}/elsewhere`, "mine\n");
    await Deno.link(`${root}/elsewhere`, `${root}${log}`);
  },
  "a pipe": (log, root) => makePipe(`${root}${log}`),
  "a file in a folder that a group may write": async (log, root) => {
    await Deno.writeTextFile(`${root}${log}`, "mine\n");
    await Deno.chmod(`${root}/var/log`, 0o775);
  },
  "nothing yet, in a folder that everybody may write": (_log, root) =>
    Deno.chmod(`${root}/var/log`, 0o1777),
};

for (const [what, put] of Object.entries(UNSAFE_LOGS)) {
  firstBootTest(
    `${what} in a log's place is left alone, and the console says so`,
    async (machine) => {
      const { root } = machine;
      await machine.put(USER_DATA_ENABLED, "");
      await machine.put(
        USER_DATA,
        "#!/bin/sh\necho secret\n: >/userdata-ran\n",
      );
      for (const log of [LOG, USER_DATA_LOG]) {
        await put(log, root);
        const before = await snapshot(machine, log);
        assertEquals((await boot(machine)).code, 0);
        await until(() => machine.has("/userdata-ran"));
        await machine.idle();
        const said = await machine.read("/dev/console");
        assertStringIncludes(said, "azure-provisioning: started\n");
        const unsafe = said.split("\n").filter((line) =>
          line.includes("others than root can write to ") && line.includes(log)
        );
        assertEquals(unsafe.length, 1, said);
        assertEquals(await snapshot(machine, log), before);
        // For the other log.
        await machine.remove(FLAG, "/elsewhere", "/userdata-ran", "/var/log");
        await Deno.mkdir(`${root}/var/log`);
        await Deno.chmod(`${root}/var/log`, 0o755);
        await machine.put("/dev/console", "");
      }
    },
  );
}

/** What is in a log's place, and in the file elsewhere that it may lead to. */
async function snapshot({ root, read }: Machine, log: string) {
  const { isFile, isSymlink, size, ino } = await Deno.lstat(`${root}${log}`)
    .catch(() => ({ isFile: false, isSymlink: false, size: 0, ino: 0 }));
  return { isFile, isSymlink, size, ino, elsewhere: await read("/elsewhere") };
}

/** What a reader may wait for without an end. */
const ENDLESS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "a pipe": makePipe,
  "a link to an endless device": (path) => Deno.symlink("/dev/zero", path),
  "an endless file": async (path) => {
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 2 ** 42);
  },
};

for (const [what, put] of Object.entries(ENDLESS)) {
  firstBootTest(
    `${what} in the place of what it reads in /run holds up no boot`,
    async (machine) => {
      await machine.put(`${LOCK}/x`, "");
      await put(`${machine.root}${LOCK}/pid`);
      await put(`${machine.root}${NEXT_BOOT}`);
      await within(10_000, () => boot(machine));
      assertStringIncludes(await machine.read(LOG), " started\n");
    },
  );
}

firstBootTest(
  "what the program leaves running does not keep success from being recorded",
  async (machine) => {
    await machine.put(PROGRAM, "#!/bin/sh\nsleep 30 &\n");
    await within(10_000, () => boot(machine));
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
  },
);

/** A program that waits until it is told to end. */
function waiting(atEnd: string): string {
  return `#!/bin/sh
sleep 100 >/dev/null 2>&1 &
trap "kill $!; ${atEnd}" TERM
: >/began
wait
`;
}

/** A signal while something runs. */
interface Stop {
  readonly name: string;
  readonly signals?: readonly Deno.Signal[];
  readonly args?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly mostMs: number;
  /** What the log has, in the end. */
  readonly log?: readonly string[];
  readonly options?: MachineOptions;
}

const STOPS: readonly Stop[] = [
  {
    name: "is passed on to the program, whose last words are in the log",
    signals: ["SIGTERM", "SIGINT", "SIGHUP"],
    files: { [PROGRAM]: waiting("sleep 0.5; echo Stopped >&2; exit 143") },
    mostMs: 3_000,
    log: [" Stopped\n", "with exit status 143"],
  },
  {
    name: "kills a program that does not end when it is told",
    files: {
      [PROGRAM]: "#!/bin/sh\ntrap '' TERM; : >/began; exec sleep 100\n",
    },
    code: 137,
    mostMs: 5_000,
    options: { numbers: { grace: 1 } },
  },
  {
    name: "while the media are read ends that, and the program does not start",
    files: { [MEDIA]: waiting("exit 143") },
    mostMs: 2_000,
  },
  {
    name: "while it waits for the work in the background ends both",
    args: ["--wait", "60"],
    files: { [PROGRAM]: waiting("echo Stopped >&2; exit 143") },
    mostMs: 1_000,
    log: [" Stopped\n"],
  },
];

for (const stop of STOPS) {
  for (const signal of stop.signals ?? ["SIGTERM"]) {
    firstBootTest(`${signal} ${stop.name}`, async (machine) => {
      for (const [path, text] of Object.entries(stop.files)) {
        await machine.put(path, text);
      }
      const running = machine.start(FIRST_BOOT, ...stop.args ?? []);
      await until(() => machine.has("/began"));
      const { code } = await within(stop.mostMs, () => {
        running.kill(signal);
        return finish(running);
      });
      assertEquals(code, stop.code ?? 143);
      await machine.idle();
      const log = await machine.read(LOG);
      assertHas(log, ...stop.log ?? []);
      assert(!log.includes("started"), log);
      assertEquals(await machine.read(FLAG), "");
      assertEquals(await machine.names("/run"), []);
    }, stop.options);
  }
}
