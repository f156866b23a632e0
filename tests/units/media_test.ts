import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { finish, type ProgramResult } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import {
  type Machine,
  type MachineOptions,
  machineTest,
  SCRIPTS,
  until,
  within,
} from "./_machine.ts";

/** This machine's kernel may know neither udf nor iso9660: here a medium is a disk of this kind. */
const KIND = "ext4";

const MEDIA = `${SCRIPTS}/media`;
const FOLDER = "/run/azure-provisioning";
const COPY = `${FOLDER}/ovf-env.xml`;
const DRIVE = "/dev/sr0";
const LEFT_OUT = "/etc/azure-provisioning.no-media";

const DRIVE_OBSTACLE = await driveObstacle();
if (DRIVE_OBSTACLE !== undefined) {
  console.error(`Tests that mount a medium are skipped: ${DRIVE_OBSTACLE}`);
}

async function driveObstacle(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "only root can";
  const missing = missingProgram(["losetup", "mke2fs"]);
  if (missing !== undefined) return `it needs the program "${missing}"`;
  const known = await Deno.readTextFile("/proc/filesystems");
  return known.includes(`\t${KIND}\n`)
    ? undefined
    : `the kernel has no ${KIND}`;
}

/** Puts a medium into the drive; it has the files, or what is made in a folder. */
type PutMedium = (
  furnish: string | ((folder: string) => Promise<void>),
) => Promise<{ readonly image: string }>;

/** A machine whose /run is in memory, and that has a drive as soon as a medium is put into it. */
function mediaTest(
  name: string,
  test: (machine: Machine, medium: PutMedium) => Promise<void>,
  options: MachineOptions & { readonly runOnDisk?: true } = {},
): void {
  machineTest(`media: ${name}`, async (machine) => {
    await using made = new AsyncDisposableStack();
    const dir = made.use(await tempDir()).path;
    if (!options.runOnDisk) {
      await machine.run("mount", "-t", "tmpfs", "none", "/run");
    }
    await test(machine, async (furnish) => {
      const folder = `${dir}/${crypto.randomUUID()}`;
      const image = `${folder}.image`;
      await Deno.mkdir(folder);
      if (typeof furnish === "string") {
        await Deno.writeTextFile(`${folder}/ovf-env.xml`, furnish);
      } else await furnish(folder);
      await succeed("mke2fs", ["-q", "-t", KIND, "-d", folder, image, "16M"]);
      const { stdout } = await run("losetup", ["-f", "--show", "-r", image]);
      const device = stdout.trim();
      made.defer(async () => void await succeed("losetup", ["-d", device]));
      if (!await machine.has(DRIVE)) await machine.put(DRIVE, "");
      await machine.mount("mount", "--bind", device, machine.root + DRIVE);
      return { image };
    });
  }, { fileSystem: KIND, ...options });
}

/** A test that needs a drive. */
function driveTest(
  name: string,
  test: (machine: Machine, medium: PutMedium) => Promise<void>,
  options: MachineOptions & { readonly runOnDisk?: true } = {},
): void {
  mediaTest(name, test, { obstacle: DRIVE_OBSTACLE, ...options });
}

/** Runs the script to its end, and fails if it leaves a mount. */
async function runIt(
  machine: Machine,
  ...args: readonly string[]
): Promise<ProgramResult> {
  const result = await machine.run(MEDIA, ...args);
  const { stdout: mounts } = await machine.run("cat", "/proc/mounts");
  assertEquals(mounts.includes(`${FOLDER}/media `), false, mounts);
  return result;
}

driveTest(
  "ovf-env.xml is copied for root alone, and nothing stays mounted",
  async (machine, medium) => {
    await medium(async (folder) => {
      await Deno.writeTextFile(`${folder}/ovf-env.xml`, "<secret/>");
      await Deno.chmod(`${folder}/ovf-env.xml`, 0o444);
      await Deno.writeTextFile(`${folder}/other`, "other");
    });
    assertEquals(await runIt(machine), {
      code: 0,
      stdout:
        `Copied ovf-env.xml from the provisioning media in ${DRIVE}, ${KIND}\n`,
      stderr: "",
    });
    assertEquals(await machine.read(COPY), "<secret/>");
    assertEquals(await machine.names(FOLDER), ["ovf-env.xml"]);
    for (const [path, mode] of [[FOLDER, 0o700], [COPY, 0o600]] as const) {
      const info = await Deno.stat(machine.root + path);
      assertEquals([info.mode! & 0o777, info.uid], [mode, 0], path);
    }
  },
);

driveTest(
  "where /run is on a disk, the copy is in memory all the same",
  async (machine, medium) => {
    await medium("<secret/>");
    assertEquals((await runIt(machine)).code, 0);
    assertEquals(await machine.read(COPY), "<secret/>");
    const { stdout } = await machine.run(
      "sh",
      "-c",
      `grep -c '^none ${FOLDER} tmpfs ' /proc/mounts; umount ${FOLDER}`,
    );
    assertEquals(stdout, "1\n");
    assertEquals(await machine.names(FOLDER), []);
  },
  { runOnDisk: true },
);

driveTest(
  "busybox mounts where there is no mount, and without either that is said",
  async (machine, medium) => {
    await medium("<a/>");
    await machine.remove("/bin/mount", "/bin/umount", "/bin/busybox");
    const { code, stdout } = await runIt(machine, "--wait", "0");
    assertEquals([code, stdout], [
      0,
      "Not reading the provisioning media: mount is not installed\n",
    ]);
    await machine.run("ln", "-s", "/tools/busybox", "/bin/busybox");
    assertStringIncludes((await runIt(machine)).stdout, "Copied ovf-env.xml");
    assertEquals(await machine.read(COPY), "<a/>");
  },
  { only: "dash" },
);

/** Busybox's takes busybox's programs, whatever is in PATH. */
const PLAIN_TIMEOUT = `#!/bin/sh
limit=$1
shift
"$@" &
command=$!
(sleep "$limit"; kill "$command") >/dev/null 2>&1 &
guard=$!
trap 'kill "$command" "$guard"; exit 143' TERM
result=0
wait "$command" || result=$?
kill "$guard" 2>/dev/null
exit "$result"
`;

driveTest(
  "an unmount that hangs is ended, and the medium let go of all the same",
  async (machine, medium) => {
    await medium("<a/>");
    await machine.put(
      "/usr/local/bin/umount",
      '#!/bin/sh\n[ "$1" != -l ] || exec /bin/umount "$@"\n: >/hangs\nexec sleep 60\n',
    );
    await machine.put("/usr/local/bin/timeout", PLAIN_TIMEOUT);
    const { code, stdout } = await within(30_000, () => runIt(machine));
    assertEquals([code, stdout.split("\n").length], [0, 2], stdout);
    assertEquals(await machine.has("/hangs"), true);
    assertEquals(await machine.read(COPY), "<a/>");
  },
  { only: "dash", numbers: { patience: 1 } },
);

/** Media that give no copy. */
const POOR_MEDIA: Readonly<
  Record<
    string,
    { words: string; furnish: (folder: string) => Promise<void> }
  >
> = {
  "an empty medium": {
    words: "has no ovf-env.xml",
    furnish: () => Promise.resolve(),
  },
  "a link": {
    words: "has no ovf-env.xml",
    furnish: (folder) => Deno.symlink("/etc/shadow", `${folder}/ovf-env.xml`),
  },
  "a folder": {
    words: "has no ovf-env.xml",
    furnish: (folder) => Deno.mkdir(`${folder}/ovf-env.xml`),
  },
  "a file that is too large": {
    words: "has over 1048576 bytes",
    furnish: (folder) =>
      Deno.writeFile(`${folder}/ovf-env.xml`, new Uint8Array(1048577)),
  },
};

for (const [what, { words, furnish }] of Object.entries(POOR_MEDIA)) {
  driveTest(`${what} gives no copy`, async (machine, medium) => {
    await medium(furnish);
    const { code, stdout, stderr } = await runIt(machine, "--wait", "0");
    assertEquals([code, stderr, stdout.split("\n").length], [0, "", 2], stdout);
    assertStringIncludes(stdout, words);
    assertEquals(await machine.names(FOLDER), []);
  });
}

driveTest("the largest that is copied is 1 MiB", async (machine, medium) => {
  await medium("x".repeat(1048576));
  assertEquals((await runIt(machine)).code, 0);
  assertEquals((await machine.read(COPY)).length, 1048576);
});

driveTest("a medium that comes late is waited for", async (machine, medium) => {
  const running = runIt(machine, "--wait", "30");
  await until(() => machine.has(`${FOLDER}/media`));
  await medium("<a/>");
  assertEquals((await running).code, 0);
  assertEquals(await machine.read(COPY), "<a/>");
});

driveTest(
  "a medium that cannot be mounted is said to be so, after a bounded wait",
  async (machine, medium) => {
    const { image } = await medium("<a/>");
    await Deno.writeFile(image, new Uint8Array(16 * 1024 * 1024));
    const { code, stdout } = await runIt(machine, "--wait", "1");
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `No provisioning media: nothing in ${DRIVE} after 1 s: `,
    );
    assertEquals(await machine.names(FOLDER), []);
  },
);

mediaTest(
  "without a drive it waits for a while, says so, and is content; the copy of an earlier boot goes",
  async (machine) => {
    await machine.put(DRIVE, "no drive");
    await machine.run("sh", "-c", `mkdir ${FOLDER}; echo old >${COPY}`);
    const start = Date.now();
    assertEquals(await within(10_000, () => runIt(machine, "--wait", "2")), {
      code: 0,
      stdout: "No provisioning media: no optical drive after 2 s\n",
      stderr: "",
    });
    assertEquals(Date.now() - start > 900, true);
    assertEquals(await machine.has(COPY), false);
  },
);

mediaTest(
  "an image that is not to read the media says so, at once",
  async (machine) => {
    await machine.put(LEFT_OUT, "");
    await machine.run("sh", "-c", `mkdir ${FOLDER}; echo old >${COPY}`);
    const { code, stdout } = await within(
      10_000,
      () => runIt(machine, "--wait", "100"),
    );
    assertEquals([code, stdout], [
      0,
      `Not reading the provisioning media, because ${LEFT_OUT} exists\n`,
    ]);
    assertEquals(await machine.has(COPY), false);
  },
);

/** What may be in the place of the script's folder. */
const IN_PLACE: Readonly<Record<string, string>> = {
  "a file": `: >${FOLDER}`,
  "a link":
    `mkdir -m 755 /elsewhere; echo mine >/elsewhere/ovf-env.xml; ln -s /elsewhere ${FOLDER}`,
};

for (const [what, make] of Object.entries(IN_PLACE)) {
  mediaTest(
    `${what} in the place of its folder is left alone, and fails no boot`,
    async (machine) => {
      await machine.run("sh", "-ec", make);
      const before = await machine.run("ls", "-lR", "/run", "/elsewhere");
      const { code, stdout } = await runIt(machine);
      assertEquals(code, 0);
      assertStringIncludes(
        stdout,
        "Not reading the provisioning media: cannot make ",
      );
      const after = await machine.run("ls", "-lR", "/run", "/elsewhere");
      assertEquals(after, before);
      assertEquals(
        (await machine.read("/elsewhere/ovf-env.xml")) === "mine\n",
        what === "a link",
      );
    },
  );
}

/** SIGTERM while something is waited for; no medium of this machine can be made to hang, so a program does. */
const STOPS: Readonly<
  Record<
    string,
    {
      readonly furnish?: (machine: Machine, medium: PutMedium) => Promise<void>;
      readonly options: MachineOptions;
    }
  >
> = {
  "it waits for a drive": { options: {} },
  "a mount hangs": {
    furnish: async (machine, medium) => {
      await medium("<a/>");
      await machine.put(
        "/usr/local/bin/mount",
        "#!/bin/sh\n: >/hangs\nexec sleep 100\n",
      );
      await machine.put("/usr/local/bin/timeout", PLAIN_TIMEOUT);
    },
    options: { obstacle: DRIVE_OBSTACLE, only: "dash" },
  },
  // The script leaves it to another shell to look at what is mounted.
  "a drive hangs": {
    furnish: async (machine, medium) => {
      await medium("<a/>");
      await machine.run("mv", "/bin/sh", "/bin/real-sh");
      await machine.put(
        "/bin/sh",
        "#!/tools/busybox sh\n: >/hangs\nexec sleep 100\n",
      );
    },
    options: { obstacle: DRIVE_OBSTACLE },
  },
};

for (const [what, { furnish, options }] of Object.entries(STOPS)) {
  mediaTest(
    `told to end while ${what}, it does so within a second, and leaves nothing`,
    async (machine, medium) => {
      await furnish?.(machine, medium);
      const shell = await machine.has("/bin/real-sh")
        ? machine.shell === "dash" ? ["/bin/real-sh"] : ["/tools/busybox", "sh"]
        : [];
      const running = machine.start(...shell, MEDIA, "--wait", "60");
      await until(() =>
        machine.has(furnish === undefined ? `${FOLDER}/media` : "/hangs")
      );
      const { code } = await within(1_000, () => {
        running.kill("SIGTERM");
        return finish(running);
      });
      assertEquals(code, 143);
      await machine.idle();
      assertEquals(await machine.names(FOLDER), []);
    },
    options,
  );
}

mediaTest("a wait that is none is wrong usage", async (machine) => {
  for (
    const args of [
      ["--wait"],
      ["--wait", "1s"],
      ["--longest"],
      ["--longest", ""],
      ["--wait", "1", "--longest", "-1"],
      ["x"],
    ]
  ) {
    assertEquals((await runIt(machine, ...args)).code, 64, args.join(" "));
  }
});

driveTest(
  "the program may wait until it has ended: with a copy, without, or told to end",
  async (machine, medium) => {
    const awaited = () => machine.has(`${FOLDER}/media-awaited`);
    const running = machine.start(MEDIA, "--wait", "60");
    await until(awaited);
    running.kill("SIGTERM");
    await finish(running);
    await machine.idle();
    assertEquals(await awaited(), false, "told to end");
    await machine.put(LEFT_OUT, "");
    await machine.run("touch", `${FOLDER}/media-awaited`);
    await runIt(machine);
    assertEquals(await awaited(), false, "not to read the media");
    await machine.remove(LEFT_OUT);
    await medium("<a/>");
    const late = machine.start(MEDIA, "--wait", "60");
    // The copy is there before the mark goes.
    await until(() => machine.has(COPY));
    await finish(late);
    assertEquals(await machine.names(FOLDER), ["ovf-env.xml"]);
  },
);

mediaTest(
  "its time counts from when the program has begun, or from the longest that it may take to",
  async (machine) => {
    const began = performance.now();
    await runIt(machine, "--wait", "1", "--longest", "3");
    assert(performance.now() - began > 1_500, "it has not waited");
    const running = machine.start(MEDIA, "--wait", "1", "--longest", "60");
    await until(() => machine.has(`${FOLDER}/media-awaited`));
    // The program takes an empty one for a script that has not begun.
    await until(async () =>
      await machine.read(`${FOLDER}/media-awaited`) === "looking\n"
    );
    await within(10_000, async () => {
      await machine.run("touch", `${FOLDER}/began`);
      await finish(running);
    });
  },
);

mediaTest(
  "it ends at once if the program wants the media no more",
  async (machine) => {
    const running = machine.start(MEDIA, "--wait", "60");
    await until(() => machine.has(`${FOLDER}/media`));
    await within(2_000, async () => {
      await machine.run("touch", `${FOLDER}/media-unwanted`);
      await finish(running);
    });
    assertEquals(await machine.names(FOLDER), ["media-unwanted"]);
  },
);

driveTest(
  "it leaves no copy if the program wants the media no more while it copies them",
  async (machine, medium) => {
    await machine.put(
      "/usr/local/bin/mv",
      `#!/bin/sh\n: >${FOLDER}/media-unwanted\nexec /bin/mv "$@"\n`,
    );
    await medium("<secret/>");
    await runIt(machine);
    assertEquals(await machine.names(FOLDER), ["media-unwanted"]);
  },
  { only: "dash" },
);
