import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type MachineOptions,
  PROGRAM,
  SCRIPTS,
  UUID,
  within,
} from "../_machine.ts";
import {
  ANYWHERE,
  AZURE_TAG,
  boot,
  COPIES,
  firstBootTest,
  FLAG,
  LOCK,
  LOG,
  MEDIA,
  TAG,
} from "./_first_boot.ts";

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
    name: "the media are looked for beside the program, whatever comes of it",
    files: {
      [MEDIA]:
        `#!/bin/sh\n[ -e ${COPIES}/media-awaited ] && echo a medium\n: >/looked\nuntil [ -e /ran ]; do sleep 0.1; done\nexit 3\n`,
      [PROGRAM]:
        "#!/bin/sh\nuntil [ -e /looked ]; do sleep 0.1; done\n: >/ran\necho beside >&2\n",
    },
    log: [" a medium\n", " beside\n"],
    run: ["azure-provisioning"],
  },
  {
    name: "the program does not wait for a script that was killed",
    files: {
      [MEDIA]: "#!/bin/sh\nkill -KILL $$\n",
      [PROGRAM]: `#!/bin/sh
for _ in 1 2 3 4 5; do
  [ -e ${COPIES}/media-awaited ] || { echo goes on >&2; exit 0; }
  sleep 1
done
`,
    },
    log: [" goes on\n"],
    run: ["azure-provisioning"],
  },
  {
    name: "what still looks for the media ends with the program",
    files: {
      [MEDIA]:
        '#!/bin/sh\nsleep 100 >/dev/null 2>&1 &\ntrap "kill $!; exit 143" TERM\n: >/looked\nwait\n',
      [PROGRAM]: "#!/bin/sh\nuntil [ -e /looked ]; do sleep 0.1; done\n",
    },
    log: "",
    run: ["azure-provisioning"],
  },
  {
    name: "the copy of the media goes even if the program is killed",
    files: {
      [MEDIA]: `#!/bin/sh
for file in .ovf-env.xml.new ovf-env.xml; do echo here >${COPIES}/$file; done
`,
      [PROGRAM]:
        `#!/bin/sh\nuntil grep here ${COPIES}/ovf-env.xml; do sleep 0.1; done; kill -KILL $$\n`,
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
