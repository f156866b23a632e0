import {
  DONE,
  type FaultCase,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";
import { missing } from "../_register.ts";

function keptNot(why: string): Outcome {
  return {
    ...PROVISIONED,
    log: new RegExp(
      `^Warning: The host name "fault-vm" holds until the next boot only: cannot write "/etc/hostname": ${why}`,
      "m",
    ),
    written: ["hosts", "mark"],
  };
}
const DONE_WITHOUT: Outcome = { ...DONE, written: ["hosts", "mark"] };

/** Faults of the machine: the host name's file. */
export const ETC_HOSTNAME_CASES: readonly FaultCase[] = [
  {
    name:
      "whose /etc/hostname is a link replaces it, and leaves what it leads to",
    prepare: "cp /etc/hostname /run/target; ln -sf /run/target /etc/hostname",
    first: PROVISIONED,
    after: {
      script: "cat /run/target; stat -c %F /etc/hostname",
      prints: "image\nregular file\n",
    },
    next: DONE,
  },
  {
    name: "whose /etc/hostname is a folder reports ready",
    slow: true,
    prepare: "rm /etc/hostname; mkdir /etc/hostname",
    first: keptNot("it is not a file"),
    next: DONE_WITHOUT,
  },
  {
    name: "whose /etc/hostname is a pipe reports ready",
    slow: true,
    prepare: "rm /etc/hostname; mkfifo /etc/hostname",
    first: keptNot("it is not a file"),
    next: DONE_WITHOUT,
  },
  {
    name: "without /etc/hostname makes it",
    slow: true,
    prepare: "rm /etc/hostname",
    first: PROVISIONED,
    next: DONE,
  },
  {
    name: "whose /etc/hostname is immutable reports ready",
    slow: true,
    obstacle: missing("chattr"),
    prepare: "chattr +i /etc/hostname",
    first: keptNot("Operation not permitted"),
    repair: "chattr -i /etc/hostname",
    next: DONE_WITHOUT,
    booted: { obstacle: "not booted: a container cannot make it so" },
  },
  {
    name: "whose /etc/hostname is a mount of its own reports ready",
    slow: true,
    prepare:
      "cp /etc/hostname /run/target; mount --bind /run/target /etc/hostname",
    first: keptNot("Device or resource busy"),
    repair: "umount /etc/hostname",
    next: DONE_WITHOUT,
  },
];
