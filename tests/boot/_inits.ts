import { elf } from "../helpers/elf.ts";

/** Files of a made-up tree, by their paths; a string that starts with "-> " is a link. */
export type Files = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

/** A file that an image gets. */
export interface ImageFile {
  /** Its path in the image. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** Its mode; 0644 by default. */
  readonly mode?: number;
}

/** A link that an image gets. */
export interface ImageLink {
  /** Its path in the image. */
  readonly path: string;
  /** What it points to. */
  readonly target: string;
}

/** An init in the made-up trees that install.sh is tested on. */
export interface InitInTree {
  /** What a tree has by which install.sh finds the init. */
  readonly tree: Files;
  /** What an installation adds to that tree so that the init starts the program, as `snapshot` shows it. */
  readonly startedBy: string;
  /** What `--check` reads because of it, beside what others have as well. */
  readonly checked?: readonly string[];
}

/** What tests know of an init: how it is in a tree, and what makes a Debian root boot with it and end when the test says so. */
export interface Init extends InitInTree {
  /** Its packages. */
  readonly packages: readonly string[];
  /** What the packages leave to the image's maker. */
  readonly files: readonly ImageFile[];
  /** Links likewise. */
  readonly links?: readonly ImageLink[];
  /** The link by which the init starts the program; without one, a line of a file does. */
  readonly enabled?: string;
  /** The shell command by which the machine ends itself. */
  readonly powerOff: string;
  /** What starts the test's agent at boot. */
  readonly agent: {
    readonly files: readonly ImageFile[];
    readonly links?: readonly ImageLink[];
  };
}

/** Where a machine and the test talk to each other, in the machine; no fault of a test touches it. */
export const TALK = "/boot-test";

/** Lines of a service for systemd: it starts on a machine without /dev/null as well. */
export const NO_DEV_NULL = "StandardInput=data\nStandardInputText=none\n";

/** The program of the test inside a machine; see `_agent.ts`. */
export const AGENT = "/usr/local/lib/boot-test/agent";

const RC_LOCAL: ImageFile = {
  path: "/etc/rc.local",
  text: `#!/bin/sh\n${AGENT} </dev/null >/dev/null 2>&1 &\n`,
  mode: 0o755,
};

const SUPERVISED_AGENT = `#!/bin/sh\nexec ${AGENT}\n`;

/** Mounts what an init without scripts of its own finds in no container-made place, and names the host. */
const EARLY = `[ -e /proc/self ] || mount -t proc proc /proc
[ ! -s /etc/hostname ] || hostname -F /etc/hostname
`;

const ALL = {
  systemd: {
    tree: { "usr/lib/systemd/systemd": elf("x86_64") },
    startedBy:
      "etc/systemd/system/multi-user.target.wants/azure-provisioning.service -> ../azure-provisioning.service",
    packages: ["systemd-sysv", "dbus"],
    files: [],
    enabled:
      "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service",
    // Not "systemctl poweroff", which asks logind first: on a read-only root that fails, after 50 seconds.
    powerOff:
      "systemctl --no-block --job-mode=replace-irreversibly start poweroff.target",
    agent: {
      files: [{
        path: "/etc/systemd/system/boot-test.service",
        text:
          `[Unit]\nDescription=The test's agent\n[Service]\n${NO_DEV_NULL}ExecStart=${AGENT}\n`,
      }, {
        path: "/etc/systemd/system/boot-test-done.service",
        // It starts when the program's unit has succeeded or failed, or has no part in this boot.
        text:
          `[Unit]\nDescription=Tells the test that the unit is done\nAfter=azure-provisioning.service azure-provisioning-fallback.service\n` +
          `[Service]\nType=oneshot\nExecStart=/bin/touch ${TALK}/done\n`,
      }],
      links: ["boot-test.service", "boot-test-done.service"].map((unit) => ({
        path: `/etc/systemd/system/multi-user.target.wants/${unit}`,
        target: `../${unit}`,
      })),
    },
  },
  openrc: {
    tree: { "usr/sbin/openrc-run": elf("x86_64") },
    startedBy:
      "etc/runlevels/default/azure-provisioning -> /etc/init.d/azure-provisioning",
    packages: ["openrc", "sysvinit-core", "udhcpc"],
    files: [],
    enabled: "/etc/runlevels/default/azure-provisioning",
    powerOff: "shutdown -h -P now",
    agent: { files: [RC_LOCAL] },
  },
  sysv: {
    tree: {
      "usr/sbin/telinit": elf("x86_64"),
      "etc/inittab": "id:2:initdefault:\n",
      "etc/init.d/.depend.start":
        "TARGETS = rsyslog dbus ssh\nINTERACTIVE =\nssh: rsyslog\n",
      "etc/rc2.d/S01dbus": "-> ../init.d/dbus",
    },
    startedBy:
      "etc/rc2.d/S01azure-provisioning -> ../init.d/azure-provisioning",
    packages: ["sysvinit-core", "udhcpc"],
    files: [],
    enabled: "/etc/rc2.d/S01azure-provisioning",
    powerOff: "shutdown -h -P now",
    agent: { files: [RC_LOCAL] },
  },
  runit: {
    tree: {
      "usr/lib/runit/runit-init": elf("x86_64"),
      "usr/sbin/init": "-> /lib/runit/runit-init",
      "etc/runit/2": "#!/bin/sh\n",
      "etc/runit/runsvdir/default/getty/run": "#!/bin/sh\n",
      "etc/service": "-> runit/runsvdir/current",
    },
    startedBy:
      "etc/runit/runsvdir/default/azure-provisioning -> /etc/sv/azure-provisioning",
    packages: ["runit-init", "udhcpc"],
    files: [],
    enabled: "/etc/runit/runsvdir/default/azure-provisioning",
    powerOff: "init 0",
    agent: {
      files: [{
        path: "/etc/sv/boot-test/run",
        text: SUPERVISED_AGENT,
        mode: 0o755,
      }],
      links: [{
        path: "/etc/runit/runsvdir/default/boot-test",
        target: "/etc/sv/boot-test",
      }, {
        // /etc may be read-only.
        path: "/etc/sv/boot-test/supervise",
        target: "/run/boot-test.supervise",
      }],
    },
  },
  busybox: {
    tree: {
      "usr/bin/busybox": elf("x86_64"),
      "usr/sbin/init": "-> ../bin/busybox",
      // Its last line has no end.
      "etc/inittab": "::sysinit:/etc/rc\n::respawn:/bin/sh",
    },
    startedBy: "::once:/usr/local/lib/azure-provisioning/first-boot\n",
    packages: ["busybox-static", "udhcpc"],
    files: [{
      path: "/etc/inittab",
      text:
        `::sysinit:/etc/init.d/rcS\n::once:${AGENT}\n::shutdown:/bin/sync\n`,
    }, {
      path: "/etc/init.d/rcS",
      text: `#!/bin/sh\n${EARLY}`,
      mode: 0o755,
    }],
    links: [{ path: "/sbin/init", target: "/bin/busybox" }],
    powerOff: "busybox poweroff",
    agent: { files: [] },
  },
  s6: {
    tree: { "usr/bin/s6-svscan": elf("x86_64") },
    startedBy:
      "etc/s6/service/azure-provisioning -> /etc/s6/sv/azure-provisioning",
    packages: ["s6", "udhcpc"],
    files: [{
      path: "/sbin/init",
      text: `#!/bin/sh\n${EARLY}exec s6-svscan /service\n`,
      mode: 0o755,
    }, {
      path: "/service/.s6-svscan/finish",
      text: "#!/bin/sh\nsync\n",
      mode: 0o755,
    }],
    enabled: "/service/azure-provisioning",
    powerOff: "s6-svscanctl -t /service",
    agent: {
      files: [{
        path: "/service/boot-test/run",
        text: SUPERVISED_AGENT,
        mode: 0o755,
      }],
    },
  },
  finit: {
    tree: { "usr/sbin/finit": elf("x86_64") },
    checked: ["/etc/finit.conf"],
    startedBy:
      "etc/finit.d/enabled/azure-provisioning.conf -> ../available/azure-provisioning.conf",
    packages: ["finit", "udhcpc"],
    files: [],
    links: [{ path: "/sbin/init", target: "finit" }],
    enabled: "/etc/finit.d/enabled/azure-provisioning.conf",
    powerOff: "PATH=$PATH:/lib/finit initctl poweroff",
    agent: {
      files: [{
        path: "/etc/finit.d/boot-test.conf",
        text: `service [2] ${AGENT} -- The test's agent\n`,
      }],
    },
  },
} satisfies Record<string, Init>;

/** The inits that tests boot. */
export type InitName = keyof typeof ALL;

/** Every init that tests boot. */
export const INITS: Readonly<Record<InitName, Init>> = ALL;

/** Every init that there are units for: those that tests boot, and dinit, which Debian has no package of. */
export const INITS_IN_TREES: Readonly<Record<string, InitInTree>> = {
  ...INITS,
  dinit: {
    tree: { "usr/sbin/dinit": elf("x86_64") },
    startedBy: "etc/dinit.d/boot.d/azure-provisioning -> ../azure-provisioning",
  },
};

/**
 * Whether the program is in the boot of a tree: the init starts it.
 *
 * @param init The tree's init.
 * @param tree The tree's folder.
 * @returns Whether the next boot starts the program, or what decides whether it is needed.
 */
export async function isEnabled(
  init: InitName,
  tree: string,
): Promise<boolean> {
  const { enabled } = INITS[init];
  if (enabled !== undefined) return await isThere(`${tree}${enabled}`);
  const lines = await Deno.readTextFile(`${tree}/etc/inittab`);
  return /^::once:.*\/first-boot$/m.test(lines);
}

/** A link counts, wherever it points to. */
function isThere(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}
