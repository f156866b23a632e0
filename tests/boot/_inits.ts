/** The inits that the program comes with units for, but for dinit, which Debian has no package of. */
export type InitName =
  | "systemd"
  | "openrc"
  | "sysv"
  | "runit"
  | "busybox"
  | "s6"
  | "finit";

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

/** What makes a Debian root boot with an init, and end when the test says so. */
export interface Init {
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

/** Every init. */
export const INITS: Readonly<Record<InitName, Init>> = {
  systemd: {
    packages: ["systemd-sysv", "dbus"],
    files: [],
    enabled:
      "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service",
    powerOff: "systemctl --no-block poweroff",
    agent: {
      files: [{
        path: "/etc/systemd/system/boot-test.service",
        text:
          `[Unit]\nDescription=The test's agent\n[Service]\nExecStart=${AGENT}\n`,
      }, {
        path: "/etc/systemd/system/boot-test-done.service",
        // It starts when the program's unit has succeeded or failed, or has no part in this boot.
        text:
          `[Unit]\nDescription=Tells the test that the unit is done\nAfter=azure-provisioning.service\n` +
          `[Service]\nType=oneshot\nExecStart=/bin/touch /var/lib/boot-test/done\n`,
      }],
      links: ["boot-test.service", "boot-test-done.service"].map((unit) => ({
        path: `/etc/systemd/system/multi-user.target.wants/${unit}`,
        target: `../${unit}`,
      })),
    },
  },
  openrc: {
    packages: ["openrc", "sysvinit-core", "udhcpc"],
    files: [],
    enabled: "/etc/runlevels/default/azure-provisioning",
    powerOff: "shutdown -h -P now",
    agent: { files: [RC_LOCAL] },
  },
  sysv: {
    packages: ["sysvinit-core", "udhcpc"],
    files: [],
    enabled: "/etc/rc2.d/S01azure-provisioning",
    powerOff: "shutdown -h -P now",
    agent: { files: [RC_LOCAL] },
  },
  runit: {
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
      }],
    },
  },
  busybox: {
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
    packages: ["finit", "udhcpc"],
    files: [],
    links: [{ path: "/sbin/init", target: "finit" }],
    enabled: "/etc/finit.d/enabled/azure-provisioning.conf",
    powerOff: "initctl poweroff",
    agent: {
      files: [{
        path: "/etc/finit.d/boot-test.conf",
        text: `service [2] ${AGENT} -- The test's agent\n`,
      }],
    },
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
