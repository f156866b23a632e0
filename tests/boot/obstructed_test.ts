import { assertEquals, assertMatch } from "@std/assert";
import { bootObstructed, putEarlyScript } from "./_obstructed.ts";
import { putFiles } from "./_put_files.ts";
import { INIT_RECIPES } from "./_recipes.ts";
import { IMAGE_HOST_NAME } from "./_roots.ts";
import { sharedImageTest } from "./_shared_image.ts";

const VM = {
  vmId: "77777777-aaaa-4aaa-8aaa-777777777777",
  computerName: "obstructed-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d7777";
const MAIN = "azure-provisioning.service";
const FALLBACK = "azure-provisioning-fallback.service";

/** Something that is in the way of the program's unit. */
interface Obstacle {
  /** What is wrong, to follow "a machine". */
  readonly name: string;
  /** More options of systemd-nspawn. */
  readonly nspawn?: readonly string[];
  /** What to do to the machine's tree. */
  readonly change?: (tree: string) => Promise<unknown>;
  /** A script of bash that makes it so early in each boot. */
  readonly early?: string;
  /** Whether the host name cannot be set. */
  readonly keepsName?: true;
  /** Whether the unit fails before the program begins. */
  readonly fallsBack?: boolean;
  /** Whether systemd does not even try to start the unit. */
  readonly isSkipped?: true;
  /** Whether a next boot says nothing more. */
  readonly once?: true;
  /** What the next boot asks for; nothing by default. */
  readonly next?: "ready" | "metadata";
  /** What is otherwise with systemd 257. */
  readonly newer?: Partial<Obstacle>;
}

const STATE = "/var/lib/azure-provisioning";
const drop = (unit: string, lines: string) => async (tree: string) => {
  const folder = `${tree}/etc/systemd/system/${unit}.d`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/obstacle.conf`, `${lines}\n`);
};
const inSystemConf = (lines: string) => async (tree: string) => {
  await Deno.mkdir(`${tree}/etc/systemd/system.conf.d`, { recursive: true });
  await Deno.writeTextFile(
    `${tree}/etc/systemd/system.conf.d/obstacle.conf`,
    `[Manager]\n${lines}\n`,
  );
};

const OBSTACLES: readonly Obstacle[] = [
  {
    name: "with a read-only root",
    nspawn: ["--read-only"],
    keepsName: true,
    next: "ready",
  },
  {
    name: "with a full /var/lib",
    nspawn: ["--tmpfs=/var/lib:size=4k,nr_inodes=1"],
    next: "ready",
  },
  {
    name: "with a read-only root and a full /var/lib",
    nspawn: ["--read-only", "--tmpfs=/var/lib:size=4k,nr_inodes=1"],
    keepsName: true,
    next: "ready",
  },
  {
    name: "without /bin/sh",
    change: async (tree) => {
      await Deno.remove(`${tree}/usr/bin/sh`);
    },
    next: "metadata",
  },
  {
    name: "whose /bin/sh cannot run",
    change: async (tree) => {
      await Deno.remove(`${tree}/usr/bin/sh`);
      await Deno.writeTextFile(`${tree}/usr/bin/sh`, "\x7fELF no program");
      await Deno.chmod(`${tree}/usr/bin/sh`, 0o755);
    },
    next: "metadata",
  },
  {
    name: "whose /bin/sh ends with 1 at once",
    change: async (tree) => {
      await Deno.remove(`${tree}/usr/bin/sh`);
      await Deno.symlink("false", `${tree}/usr/bin/sh`);
    },
    next: "metadata",
  },
  {
    name: "without the scripts beside the program",
    change: (tree) =>
      Deno.remove(`${tree}/usr/local/lib/azure-provisioning`, {
        recursive: true,
      }),
    next: "metadata",
  },
  {
    name: "whose /tmp is missing",
    early: "umount /tmp; rmdir /tmp",
  },
  {
    name: "whose /tmp is a file",
    early: "umount /tmp; rmdir /tmp; >/tmp",
    fallsBack: true,
    once: true,
    // The unit can be started, but hostnamed cannot: it has a /tmp of its own.
    newer: { fallsBack: false, keepsName: true },
  },
  {
    name: "whose /var/tmp is missing",
    early: "rm -rf /var/tmp",
  },
  {
    name: "whose /var/tmp is full",
    early: "mount -t tmpfs -o size=4k,nr_inodes=1 none /var/tmp",
  },
  {
    name: "whose state folder is a file",
    change: (tree) => Deno.writeTextFile(`${tree}${STATE}`, ""),
    next: "ready",
  },
  {
    name: "whose state folder, which the unit is to make, is a file",
    change: async (tree) => {
      await Deno.writeTextFile(`${tree}${STATE}`, "");
      await drop(MAIN, "[Service]\nStateDirectory=azure-provisioning")(tree);
    },
    fallsBack: true,
    once: true,
  },
  {
    name: "whose state folder is a dangling link",
    change: (tree) => Deno.symlink("/nowhere/at/all", `${tree}${STATE}`),
    next: "ready",
  },
  {
    name: "whose state folder is a link to itself",
    change: (tree) => Deno.symlink(STATE, `${tree}${STATE}`),
    fallsBack: true,
    next: "ready",
  },
  {
    name: "without /home, /root, /opt and /var/lib/hyperv",
    change: async (tree) => {
      for (const it of ["home", "root", "opt"]) {
        await Deno.remove(`${tree}/${it}`, { recursive: true });
      }
    },
  },
  {
    name: "whose /run/azure-provisioning is a file",
    early: ">/run/azure-provisioning",
  },
  {
    name: "without systemctl and timeout",
    early: "mv /usr/bin/timeout /usr/bin/other-timeout",
  },
  {
    name: "whose /var is on a mount that fails",
    change: async (tree) => {
      await Deno.writeTextFile(
        `${tree}/etc/fstab`,
        "/dev/nowhere /var/lib/azure-provisioning ext4 nofail,x-systemd.device-timeout=1 0 0\n" +
          "/dev/nowhere /var/tmp ext4 nofail,x-systemd.device-timeout=1 0 0\n",
      );
    },
  },
  {
    name: "with small limits in system.conf",
    change: inSystemConf(
      "DefaultLimitAS=150M\nDefaultLimitNOFILE=64\nDefaultLimitNPROC=10\n" +
        "DefaultLimitDATA=20M\nDefaultLimitSTACK=256K\nDefaultTasksMax=8",
    ),
  },
  {
    name: "whose system.conf sends output nowhere",
    change: inSystemConf(
      "DefaultStandardOutput=file:/nowhere/at/all\nDefaultEnvironment=PATH=/nowhere HOME=/nowhere TMPDIR=/nowhere",
    ),
  },
  ...([
    ["a name space", "ReadWritePaths=/nowhere/at/all"],
    ["a root", "RootDirectory=/nowhere"],
    ["a working folder", "WorkingDirectory=/nowhere"],
    ["output", "StandardOutput=file:/nowhere/at/all"],
    ["a user", "User=nobody-at-all"],
    ["a mount", "BindPaths=/nowhere:/mnt"],
    [
      "a credential",
      "LoadCredential=x:/nowhere/x\nSetCredentialEncrypted=y: AAAA",
    ],
    ["an environment", "EnvironmentFile=/nowhere"],
    ["a step before it", "ExecStartPre=/nowhere/program"],
    ["memory that V8 can write to", "LimitAS=10M"],
    ["system calls", "SystemCallFilter=\nSystemCallFilter=~mmap"],
    [
      "a filter that kills",
      "SystemCallFilter=~futex clone clone3:kill\nSystemCallErrorNumber=kill",
    ],
  ] as const).map(([what, lines]): Obstacle => ({
    name: `that cannot give the unit ${what}`,
    change: drop(MAIN, `[Service]\n${lines}`),
    fallsBack: true,
    once: true,
  })),
  {
    name: "whose unit requires what fails",
    change: async (tree) => {
      await putFiles(tree, [{
        path: "/etc/systemd/system/boot-test-fails.service",
        text: "[Service]\nType=oneshot\nExecStart=/bin/false\n",
      }]);
      await drop(
        MAIN,
        "[Unit]\nRequires=boot-test-fails.service\nAfter=boot-test-fails.service",
      )(tree);
    },
    fallsBack: true,
    isSkipped: true,
  },
];

for (const recipe of INIT_RECIPES.filter(({ init }) => init === "systemd")) {
  for (const usual of OBSTACLES) {
    const isNewer = recipe.suite === "trixie";
    const obstacle = { ...usual, ...isNewer ? usual.newer : {} };
    const { name, nspawn = [], change, early, fallsBack, next } = obstacle;
    const { keepsName, isSkipped, once } = obstacle;
    sharedImageTest(
      `${recipe.name}: a machine ${name} reports Ready, and is quiet at the next boot`,
      recipe,
      async (image) => {
        await using machine = await image.makeMachine();
        // Else each first boot waits for an optical drive.
        await putFiles(machine.tree, [{
          path: "/etc/azure-provisioning.no-media",
          text: "",
        }]);
        await change?.(machine.tree);
        if (early !== undefined) await putEarlyScript(machine.tree, early);
        const options = { platform: VM, uuid: UUID, nspawn };

        const first = await bootObstructed(machine, options);
        const log = await first.said(MAIN);
        const { view } = first;
        assertEquals(view.refusals, [], log);
        assertEquals(view.ready.length, 1, `${view.lines.join("\n")}\n${log}`);
        assertEquals(view.reports.length, 1, view.lines.join("\n"));
        assertEquals(
          first.hostName,
          keepsName ? IMAGE_HOST_NAME : VM.computerName,
        );
        const failed = fallsBack && !isSkipped ? [MAIN] : [];
        assertEquals(first.failed, failed, log);
        const fallback = await first.said(FALLBACK);
        if (fallsBack) assertMatch(fallback, /without the sandbox/i);
        else assertEquals(fallback, "");

        if (once) return;
        const second = await bootObstructed(machine, options);
        const lines = second.view.lines.join("\n");
        assertEquals(second.view.reports.length, next === "ready" ? 1 : 0);
        assertEquals(lines === "", next === undefined, lines);
        assertEquals(second.failed, next === "ready" ? failed : []);
      },
    );
  }
}
