import {
  DONE,
  type FaultCase,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

const NO_MARK: Outcome = {
  ...PROVISIONED,
  log:
    /^Warning: Cannot write the mark "\/var\/lib\/azure-provisioning\/provisioned\.json": .*; the VM is ready, but the next boot provisions again\nProvisioned: /m,
  written: ["hostname", "hosts"],
};
const NO_NAME: Outcome = {
  ...PROVISIONED,
  log:
    /^Warning: The host name "fault-vm" holds until the next boot only: cannot write "\/etc\/hostname": .*\nWarning: dns: .*\nSending [^]*\nProvisioned:/m,
  written: ["mark"],
};
const NO_NAME_DONE: Outcome = { ...DONE, written: ["mark"] };

/** Faults of the machine: disk. */
export const DISK_CASES: readonly FaultCase[] = [
  {
    name:
      "with a read-only /etc names the host until the next boot, and reports ready",
    prepare: "mount -o remount,bind,ro /etc",
    first: NO_NAME,
    after: { script: "hostname", prints: "fault-vm\n" },
    repair: "mount -o remount,bind,rw /etc",
    next: NO_NAME_DONE,
  },
  {
    name: "with a read-only /var reports ready, and again at the next boot",
    prepare: "mount -o remount,bind,ro /var/lib",
    first: {
      ...NO_MARK,
      log:
        /^Warning: Cannot open the lock .*: Read-only file system .*; provisioning without it, and likely without a mark, so that the next boot would provision again\n[^]*^Warning: Cannot write the mark .*: Read-only file system/m,
    },
    repair: "mount -o remount,bind,rw /var/lib",
    next: PROVISIONED,
  },
  {
    name: "with a read-only disk reports ready at each boot",
    slow: true,
    prepare:
      "for mount in /etc /var/lib /; do mount -o remount,bind,ro $mount; done",
    first: { ...NO_MARK, written: [] },
    next: { ...NO_MARK, written: [] },
  },
  {
    name:
      "with a full /var/lib reports ready, and marks the VM once there is room",
    prepare: `mount -t tmpfs -o size=4k none /var/lib
      mkdir /var/lib/azure-provisioning
      head -c 4096 /dev/zero >/var/lib/junk`,
    first: {
      ...NO_MARK,
      log: /^Warning: Cannot write the mark .*: No space left on device/m,
    },
    repair: "rm /var/lib/junk",
    next: PROVISIONED,
  },
  {
    name:
      "without an inode for its folder reports ready, and marks the VM once there are some",
    slow: true,
    prepare: "mount -t tmpfs -o nr_inodes=1 none /var/lib",
    first: NO_MARK,
    repair: "mount -o remount,nr_inodes=100 /var/lib",
    next: PROVISIONED,
  },
  {
    name:
      "without an inode for the mark reports ready, and marks the VM once there are some",
    slow: true,
    prepare: "mount -t tmpfs -o nr_inodes=3 none /var/lib",
    first: NO_MARK,
    repair: "mount -o remount,nr_inodes=100 /var/lib",
    next: PROVISIONED,
  },
  {
    name: "with a full /etc leaves its files whole, and reports ready",
    prepare: `mkdir /run/etc; cp /etc/hostname /etc/hosts /run/etc
      mount -t tmpfs -o size=12k none /etc
      cp /run/etc/* /etc; head -c 4096 /dev/zero >/etc/junk`,
    first: NO_NAME,
    repair: "rm /etc/junk",
    next: NO_NAME_DONE,
    booted: {
      prepare: `mkdir /run/etc; cp /etc/hostname /etc/hosts /run/etc
        mount -t tmpfs -o size=12k none /etc
        >/etc/azure-provisioning.anywhere
        cp /run/etc/* /etc; head -c 4096 /dev/zero >/etc/junk`,
    },
  },
];
