import {
  DONE,
  type FaultCase,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

/** Puts a hostname and a hostnamectl over the machine's own; $2 is made in /run/bin first. */
const installed = (make: string) =>
  `mkdir /run/bin; cd /run/bin; ${make}; cp -r hostname hostnamectl
  mount -t overlay overlay -o lowerdir=/run/bin:/usr/bin /usr/bin`;
const script = (text: string, mode = 755) =>
  installed(
    `printf '#!/bin/sh\\n${text}\\n' >hostname; chmod ${mode} hostname`,
  );

function laterNamed(why: string): Outcome {
  return {
    ...PROVISIONED,
    log: new RegExp(
      `^Warning: The host name "fault-vm" takes effect at the next boot only: \\S+/hostnamectl: ${why}.*; \\S+/hostname: ${why}.*\n(?:Warning: )?dns: .*\nSending [^]*\nProvisioned:`,
      "m",
    ),
  };
}

/** Faults of the machine: the program that sets the host name. */
export const HOST_NAME_PROGRAM_CASES: readonly FaultCase[] = [
  {
    name: "whose hostname fails reports ready",
    slow: true,
    prepare: script("echo no luck >&2; exit 3"),
    first: laterNamed("no luck"),
    next: DONE,
  },
  {
    name: "whose hostname says that it worked, and lies, reports ready",
    slow: true,
    prepare: script("exit 0"),
    first: {
      ...PROVISIONED,
      log:
        /^Warning: .* takes effect at the next boot only: hostnamectl left the host name at "image"; hostname left/m,
    },
    next: DONE,
  },
  {
    name: "whose hostname prints megabytes logs their start, and reports ready",
    prepare: script("yes | head -c 5000000; yes | head -c 5000000 >&2; exit 3"),
    first: laterNamed("(y\\\\n){150}\\.\\.\\."),
    next: DONE,
  },
  {
    name: "whose hostname hangs gives it ten seconds, and reports ready",
    slow: true,
    prepare: script("exec sleep 1000"),
    first: laterNamed("did not end within 10 s"),
    after: {
      script: "pgrep --ns $$ --nslist net sleep || echo none",
      prints: "none\n",
    },
    next: DONE,
  },
  {
    name: "whose hostname is not executable reports ready",
    slow: true,
    prepare: script("exit 0", 644),
    first: laterNamed(".*Permission denied"),
    next: DONE,
  },
  {
    name: "whose hostname is a folder reports ready",
    slow: true,
    prepare: installed("mkdir hostname"),
    first: laterNamed(".*Permission denied"),
    next: DONE,
  },
  {
    name: "whose hostname has no interpreter says so, and reports ready",
    slow: true,
    prepare: installed(
      "echo '#!/no/such/interpreter' >hostname; chmod 755 hostname",
    ),
    first: laterNamed(
      "it exists, but something that it needs to start does not",
    ),
    next: DONE,
  },
  {
    name: "whose hostname is not a program reports ready",
    slow: true,
    prepare: installed("echo junk >hostname; chmod 755 hostname"),
    first: laterNamed(".*Exec format error"),
    next: DONE,
  },
];
