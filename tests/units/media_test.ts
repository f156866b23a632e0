import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { namesIn } from "../helpers/names_in.ts";
import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";

/** This machine's kernel may know neither udf nor iso9660: here a medium is a disk of this kind. */
const KIND = "ext4";

const DRIVE_OBSTACLE = await driveObstacle();
if (DRIVE_OBSTACLE !== undefined) {
  console.error(`Tests that mount a medium are skipped: ${DRIVE_OBSTACLE}`);
}

/** A machine made up for units/common/media; mounts are its own. */
interface Machine {
  readonly dir: string;
  /** The name of the shell that runs the script. */
  readonly shell: string;
  /** Puts a medium into the drive, and what is in the folder onto it. */
  medium(furnish: (folder: string) => Promise<void>): Promise<void>;
  /** Runs the script to its end; what stays mounted is in the output. */
  run(...args: readonly string[]): Promise<ProgramResult>;
  /** The copy, if there is one. */
  copy(): Promise<string | undefined>;
}

function mediaTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  obstacle?: string,
): void {
  for (const { name: shell, command } of SHELLS) {
    Deno.test({
      name: `media under ${shell}: ${name}`,
      ignore: obstacle !== undefined,
      fn: async () => {
        await using made = new AsyncDisposableStack();
        const dir = made.use(await tempDir()).path;
        for (const folder of ["dev", "run"]) {
          await Deno.mkdir(`${dir}/${folder}`);
        }
        await Deno.writeTextFile(`${dir}/mounts`, "none /run tmpfs rw 0 0\n");
        const script = `${dir}/media`;
        const text = await Deno.readTextFile(`${ROOT}units/common/media`);
        await Deno.writeTextFile(script, madeUp(text, dir, command));
        await Deno.chmod(script, 0o755);
        await test({
          dir,
          shell,
          async medium(furnish) {
            const folder = `${dir}/medium-${crypto.randomUUID()}`;
            await Deno.mkdir(folder);
            await furnish(folder);
            const image = `${folder}.image`;
            await succeed("mke2fs", [
              "-q",
              "-t",
              KIND,
              "-d",
              folder,
              image,
              "16M",
            ]);
            const { stdout } = await run("losetup", [
              "-f",
              "--show",
              "-r",
              image,
            ]);
            const device = stdout.trim();
            made.defer(async () =>
              void await succeed("losetup", ["-d", device])
            );
            await Deno.symlink(device, `${dir}/dev/sr0`);
          },
          run: (...args) => runAlone(dir, [script, ...args]),
          copy: () =>
            Deno.readTextFile(`${dir}/run/azure-provisioning/ovf-env.xml`)
              .catch(() => undefined),
        });
      },
    });
  }
}

/** Runs a command where mounts are its own, and prints those that it leaves. */
async function runAlone(
  dir: string,
  command: readonly string[],
): Promise<ProgramResult> {
  const alone = Deno.uid() === 0 ? ["unshare", "--mount"] : ["env"];
  const [program, ...args] = [
    ...alone,
    "sh",
    "-c",
    `"$@"; code=$?; grep -o " $0/[^ ]* " /proc/self/mountinfo; exit $code`,
    dir,
    ...command,
  ] as [string, ...string[]];
  return await run(program, args);
}

function madeUp(script: string, dir: string, shell: readonly string[]): string {
  for (
    const [from, to] of [
      ["#!/bin/sh\n", `#!/usr/bin/env -S ${shell.join(" ")}\n`],
      ["mounts=/proc/mounts\n", `mounts=${dir}/mounts\n`],
      ["devices=/dev\n", `devices=${dir}/dev\n`],
      [
        "folder=/run/azure-provisioning\n",
        `folder=${dir}/run/azure-provisioning\n`,
      ],
      [
        "left_out=/etc/azure-provisioning.no-media\n",
        `left_out=${dir}/no-media\n`,
      ],
      ["in udf iso9660;", `in udf ${KIND};`],
      ["modprobe -q sr_mod", "false"],
    ] as const
  ) {
    assertStringIncludes(script, from);
    script = script.replaceAll(from, to);
  }
  return script;
}

mediaTest(
  "ovf-env.xml is copied for root alone, and nothing stays mounted",
  async ({ dir, medium, run, copy }) => {
    await medium(async (folder) => {
      await Deno.writeTextFile(`${folder}/ovf-env.xml`, "<secret/>");
      await Deno.chmod(`${folder}/ovf-env.xml`, 0o444);
      await Deno.writeTextFile(`${folder}/other`, "other");
    });
    const { code, stdout, stderr } = await run();
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      stdout,
      `Copied ovf-env.xml from the provisioning media in ${dir}/dev/sr0, ${KIND}\n`,
    );
    assertEquals(await copy(), "<secret/>");
    const folder = `${dir}/run/azure-provisioning`;
    assertEquals(await namesIn(folder), ["ovf-env.xml"]);
    for (
      const [path, mode] of [[folder, 0o700], [
        `${folder}/ovf-env.xml`,
        0o600,
      ]] as const
    ) {
      const info = await Deno.stat(path);
      assertEquals([info.mode! & 0o777, info.uid], [mode, 0], path);
    }
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "where /run is on a disk, the copy is in memory all the same",
  async ({ dir, medium, run, copy }) => {
    await Deno.writeTextFile(`${dir}/mounts`, "/dev/sda1 / ext4 rw 0 0\n");
    await medium((folder) =>
      Deno.writeTextFile(`${folder}/ovf-env.xml`, "<secret/>")
    );
    const { code, stdout } = await run();
    assertEquals(code, 0);
    assertEquals(stdout.split("\n").slice(1), [
      ` ${dir}/run/azure-provisioning `,
      "",
    ]);
    assertStringIncludes(stdout, "Copied ovf-env.xml from ");
    assertEquals(await copy(), undefined);
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "busybox mounts where there is no mount, and without either that is said",
  async ({ dir, shell, medium, run, copy }) => {
    await medium((folder) =>
      Deno.writeTextFile(`${folder}/ovf-env.xml`, "<a/>")
    );
    await Deno.mkdir(`${dir}/programs`);
    for (
      const name of [
        "cat",
        "chmod",
        "dd",
        "grep",
        "mkdir",
        "mv",
        "rm",
        "rmdir",
        "sleep",
        "tail",
        "timeout",
        "wc",
      ]
    ) {
      await Deno.symlink(`/usr/bin/${name}`, `${dir}/programs/${name}`);
    }
    const script = await Deno.readTextFile(`${dir}/media`);
    assertStringIncludes(script, "\nPATH=/usr");
    await Deno.writeTextFile(
      `${dir}/media`,
      script.replace(/\nPATH=.*\n/, `\nPATH=${dir}/programs\n`),
    );
    // busybox's own shell has them in itself.
    if (shell === "dash") {
      const { code, stdout } = await run("--wait", "0");
      assertEquals(
        [code, stdout],
        [0, "The provisioning media are not looked at: there is no mount\n"],
      );
    }
    await Deno.symlink("/usr/bin/busybox", `${dir}/programs/busybox`);
    const { code, stdout, stderr } = await run("--wait", "0");
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "Copied ovf-env.xml from ");
    assertEquals(await copy(), "<a/>");
  },
  DRIVE_OBSTACLE ?? missingObstacle("busybox"),
);

mediaTest(
  "an unmount that hangs is ended, and the medium let go of all the same",
  async ({ dir, medium, run, copy }) => {
    await medium((folder) =>
      Deno.writeTextFile(`${folder}/ovf-env.xml`, "<a/>")
    );
    await Deno.mkdir(`${dir}/programs`);
    await Deno.writeTextFile(
      `${dir}/programs/umount`,
      `#!/bin/sh\n[ "$1" != -l ] || exec /usr/bin/umount "$@"\nexec sleep 60\n`,
    );
    await Deno.chmod(`${dir}/programs/umount`, 0o755);
    const script = await Deno.readTextFile(`${dir}/media`);
    assertStringIncludes(script, "\nPATH=/usr");
    assertStringIncludes(script, "'timeout 10'");
    await Deno.writeTextFile(
      `${dir}/media`,
      script.replace("\nPATH=", `\nPATH=${dir}/programs:`)
        .replace("'timeout 10'", "'timeout 1'"),
    );
    const start = Date.now();
    const { code, stdout } = await run();
    const took = Date.now() - start;
    assert(took < 30_000, `${took} ms`);
    // Nothing is said to stay mounted.
    assertEquals([code, stdout.split("\n").length], [0, 2], stdout);
    assertEquals(await copy(), "<a/>");
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "a medium without ovf-env.xml, with a link or a folder in its place, or with one that is too large gives no copy",
  async ({ dir, medium, run, copy }) => {
    for (
      const [furnish, words] of [
        [() => Promise.resolve(), "has no file ovf-env.xml"],
        [
          (folder: string) =>
            Deno.symlink("/etc/shadow", `${folder}/ovf-env.xml`),
          "has no file ovf-env.xml",
        ],
        [
          (folder: string) => Deno.mkdir(`${folder}/ovf-env.xml`),
          "has no file ovf-env.xml",
        ],
        [
          (folder: string) =>
            Deno.writeFile(`${folder}/ovf-env.xml`, new Uint8Array(1048577)),
          "is over 1048576 bytes",
        ],
      ] as const
    ) {
      await Deno.remove(`${dir}/dev/sr0`).catch(() => {});
      await medium(furnish);
      const { code, stdout, stderr } = await run("--wait", "0");
      assertEquals(
        [code, stderr, stdout.split("\n").length],
        [0, "", 2],
        stdout,
      );
      assertStringIncludes(stdout, words);
      assertEquals(await copy(), undefined);
      assertEquals(await namesIn(`${dir}/run/azure-provisioning`), []);
    }
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "the largest that is copied is 1 MiB",
  async ({ medium, run, copy }) => {
    await medium((folder) =>
      Deno.writeTextFile(`${folder}/ovf-env.xml`, "x".repeat(1048576))
    );
    assertEquals((await run()).code, 0);
    assertEquals((await copy())?.length, 1048576);
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "a medium that comes late is waited for",
  async ({ medium, run, copy }) => {
    const running = run("--wait", "30");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await medium((folder) =>
      Deno.writeTextFile(`${folder}/ovf-env.xml`, "<a/>")
    );
    assertEquals((await running).code, 0);
    assertEquals(await copy(), "<a/>");
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "a medium that cannot be mounted is said to be so, after a bounded wait",
  async ({ dir, medium, run, copy }) => {
    await medium(() => Promise.resolve());
    const device = await Deno.realPath(`${dir}/dev/sr0`);
    await Deno.writeFile(
      (await Deno.readTextFile(
        `/sys/block/${device.slice(5)}/loop/backing_file`,
      )).trim(),
      new Uint8Array(16 * 1024 * 1024),
    );
    const { code, stdout } = await run("--wait", "1");
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `No provisioning media: nothing in ${dir}/dev/sr0 in 1 s: `,
    );
    assertEquals(await copy(), undefined);
  },
  DRIVE_OBSTACLE,
);

mediaTest(
  "without a drive it waits for a while, says so, and is content; the copy of an earlier boot goes",
  async ({ dir, run, copy }) => {
    await Deno.mkdir(`${dir}/run/azure-provisioning`);
    await Deno.writeTextFile(
      `${dir}/run/azure-provisioning/ovf-env.xml`,
      "old",
    );
    await Deno.writeTextFile(`${dir}/dev/sr0`, "no drive");
    const start = Date.now();
    assertEquals(await run("--wait", "2"), {
      code: 0,
      stdout: "No provisioning media: no optical drive in 2 s\n",
      stderr: "",
    });
    const took = Date.now() - start;
    assert(took > 900 && took < 10_000, `${took} ms`);
    assertEquals(await copy(), undefined);
  },
);

mediaTest(
  "an image that is not to look at the media says so, at once",
  async ({ dir, run, copy }) => {
    await Deno.writeTextFile(`${dir}/no-media`, "");
    await Deno.mkdir(`${dir}/run/azure-provisioning`);
    await Deno.writeTextFile(
      `${dir}/run/azure-provisioning/ovf-env.xml`,
      "old",
    );
    const { code, stdout } = await run("--wait", "100");
    assertEquals(code, 0);
    assertEquals(
      stdout,
      `The provisioning media are not looked at, as ${dir}/no-media says\n`,
    );
    assertEquals(await copy(), undefined);
  },
);

mediaTest(
  "where nothing can be written, no boot fails for it",
  async ({ dir, run }) => {
    await Deno.writeTextFile(`${dir}/run/azure-provisioning`, "");
    const { code, stdout } = await run();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "are not looked at: cannot make ");
  },
);

for (
  const [what, furnish] of [
    ["it waits for a drive", () => Promise.resolve()],
    ["a drive hangs", async (dir: string) => {
      // No medium of this machine can be made to hang: in mount's place something does.
      await Deno.mkdir(`${dir}/bin`);
      await Deno.writeTextFile(
        `${dir}/bin/mount`,
        `#!/bin/sh\necho $$ >${dir}/mount.pid\nexec sleep 100\n`,
        { mode: 0o755 },
      );
      const script = await Deno.readTextFile(`${dir}/media`);
      assertStringIncludes(script, "within $applets mount -t ");
      await Deno.writeTextFile(
        `${dir}/media`,
        script.replace("within $applets mount -t", `within ${dir}/bin/mount -t`)
          .replace('[ -b "$candidate" ]', '[ -e "$candidate" ]'),
      );
      await Deno.writeTextFile(`${dir}/dev/sr0`, "");
    }],
  ] as const
) {
  mediaTest(
    `told to end while ${what}, it does so within a second, and leaves nothing`,
    async ({ dir }) => {
      await furnish(dir);
      const place = `${dir}/run/azure-provisioning/media`;
      const running = new Deno.Command(`${dir}/media`, {
        args: ["--wait", "60"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const hangs = what === "a drive hangs";
      const begun = Date.now();
      while (!await isThere(hangs ? `${dir}/mount.pid` : place)) {
        assert(Date.now() - begun < 10_000, "it does not begin");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const at = Date.now();
      running.kill("SIGTERM");
      assertEquals((await finish(running)).code, 143);
      assert(Date.now() - at < 1_000, `it took ${Date.now() - at} ms`);
      while (await isThere(place)) {
        assert(Date.now() - at < 10_000, `${place} stays`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(await namesIn(`${dir}/run/azure-provisioning`), []);
      if (!hangs) return;
      const pid = (await Deno.readTextFile(`${dir}/mount.pid`)).trim();
      while (await isThere(`/proc/${pid}`)) {
        assert(Date.now() - at < 5_000, "it hangs on");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  );
}

function isThere(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

mediaTest(
  "a link in the place of its folder is not followed",
  async ({ dir, run }) => {
    await Deno.mkdir(`${dir}/elsewhere`, { mode: 0o755 });
    await Deno.writeTextFile(`${dir}/elsewhere/ovf-env.xml`, "mine");
    await Deno.symlink(`${dir}/elsewhere`, `${dir}/run/azure-provisioning`);
    const { code, stdout } = await run();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "are not looked at: cannot make ");
    assertEquals(await namesIn(`${dir}/elsewhere`), ["ovf-env.xml"]);
    assertEquals((await Deno.stat(`${dir}/elsewhere`)).mode! & 0o777, 0o755);
  },
);

mediaTest("a wait that is none is wrong usage", async ({ run }) => {
  for (const args of [["--wait"], ["--wait", "1s"], ["x"]]) {
    assertEquals((await run(...args)).code, 64, args.join(" "));
  }
});

function missingObstacle(program: string): string | undefined {
  return missingProgram([program]) && `it needs the program "${program}"`;
}

async function driveObstacle(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "only root can";
  const missing = missingProgram(["losetup", "mke2fs", "unshare"]);
  if (missing !== undefined) return `it needs the program "${missing}"`;
  const known = await Deno.readTextFile("/proc/filesystems");
  return known.includes(`\t${KIND}\n`)
    ? undefined
    : `the kernel has no ${KIND}`;
}
