import {
  type Booted,
  byFallback,
  DONE,
  type FaultCase,
  NOTHING,
  PLAIN_START,
  PROVISIONED,
} from "../_fault_case.ts";

/** A root with all of this machine but for one folder; a link stays a link. */
const withoutFolder = (folder: string) =>
  `mkdir /run/root
  for file in /*; do
    if [ "$file" = ${folder} ]; then continue
    elif [ -L "$file" ]; then cp -P "$file" /run/root
    elif [ -d "$file" ]; then mkdir "/run/root$file"; mount --rbind "$file" "/run/root$file"
    fi
  done
  cp "$0" /run/root/program`;

/** systemd makes the unit's own /dev out of the machine's, which it cannot; so it goes at each start. */
const withoutDev = (code: number): Booted => ({
  ...byFallback(code),
  next: { code, fallback: 0, requests: "metadata" },
});

/** Faults of the machine: missing files. */
export const MISSING_FILES_CASES: readonly FaultCase[] = [
  {
    name: "without /tmp works",
    slow: true,
    prepare: withoutFolder("/tmp"),
    start: "exec chroot /run/root /program provision",
    first: PROVISIONED,
    after: {
      script: "[ ! -e /run/root/tmp ] && echo none",
      prints: "none\n",
    },
    next: DONE,
    booted: { prepare: "umount /tmp; rmdir /tmp", start: PLAIN_START },
  },
  {
    name: "without /dev/urandom works",
    slow: true,
    prepare: "mount -t tmpfs none /dev; mknod /dev/null c 1 3",
    first: PROVISIONED,
    next: DONE,
    booted: withoutDev(226),
  },
  {
    name: "without any /dev works, but the name holds from the next boot on",
    prepare: "mount -t tmpfs none /dev",
    first: {
      ...PROVISIONED,
      log:
        /^Warning: The host name "fault-vm" takes effect at the next boot only: .*\/hostname: it exists, but something that it needs to start does not: \/dev\/null/m,
    },
    next: DONE,
    booted: withoutDev(208),
  },
  {
    // The runtime finds its own program by /proc, before any line of ours runs.
    name: "without /proc ends at once, and says why",
    prepare: "umount -l /proc",
    first: { ...NOTHING, code: 1, log: /Is \/proc mounted\?/ },
    repair: "mount -t proc none /proc",
    next: PROVISIONED,
    booted: { obstacle: "not booted: systemd itself needs /proc" },
  },
  {
    name: "in a folder that was removed ends at once, and says why",
    slow: true,
    start: 'mkdir /run/gone; cd /run/gone; rmdir "$PWD"; exec "$0" provision',
    first: { ...NOTHING, code: 1, log: /failed resolving cwd/ },
    nextIsPlain: true,
    next: PROVISIONED,
    booted: byFallback(1),
  },
];
