import {
  DONE,
  type FaultCase,
  NOTHING,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

/** Gives the chassis a tag, in the words of printf. */
function tagged(tag: string): string {
  return `mount -t tmpfs none /sys/class
    mkdir -p /sys/class/dmi/id
    printf '${tag}' >/sys/class/dmi/id/chassis_asset_tag`;
}

const ANOTHER = tagged("3127-5914-0423-8816-2941-5150-64\\n");

const LEAVES: Outcome = {
  ...NOTHING,
  log:
    /^(Retrieving goal state from the Wireserver\n|Warning: Try \d+ to get the (goal state|instance metadata) .*\n)+This is not Azure: the tag in "\/sys\/class\/dmi\/id\/chassis_asset_tag" is not Azure's, and nobody answers at 168\.63\.129\.16; nothing was done \(--force tries all the same\)\n$/,
  withinS: 30,
};

const FOREIGN: Outcome = {
  ...LEAVES,
  requests: /^(?:[^,]*\/metadata\/instance\S* -> 404[^,]*(?:, |$))+$/,
};

const TRIES: Outcome = {
  ...NOTHING,
  code: 69,
  log:
    /^(?!This is not Azure)[^]*\nError: Cannot get the goal state from 168\.63\.129\.16: .*, time is up\).*\n$/,
  withinS: 30,
};

const IN_TIME = 'exec "$0" provision --timeout 5';

const REFUSED = "refuse@goal-state";

/** Puts a program in the place of the grep that looks at the tag; the test has a use for another. */
function greps(script: string): string {
  return `${ANOTHER}
    cp /bin/grep /run/grep; mkdir /run/bin
    printf '#!/bin/sh\\n[ "$1" = -q ] || exec /run/grep "$@"\\n${script}\\n' >/run/bin/grep
    chmod 755 /run/bin/grep
    mount -t overlay overlay -o lowerdir=/run/bin:/usr/bin /usr/bin`;
}

/** Faults of the machine: it is none of Azure's, or may be none. */
export const ELSEWHERE_CASES: readonly FaultCase[] = [
  {
    name:
      "of another platform's chassis leaves it alone where nobody answers, and looks again at the next boot",
    platform: "none",
    prepare: ANOTHER,
    first: LEAVES,
    after: {
      script:
        `"$0" report --json | grep -o '"outcome":"not on Azure"'; ls /var/lib/azure-provisioning; cat /etc/hosts /etc/hostname | grep -c image`,
      prints: '"outcome":"not on Azure"\nlock\nstatus.json\n2\n',
    },
    next: LEAVES,
  },
  {
    name: "of another platform's chassis works where the platform answers",
    prepare: ANOTHER,
    first: PROVISIONED,
    next: DONE,
  },
  {
    name: "of another platform's chassis tries with --force",
    slow: true,
    platform: "none",
    prepare: ANOTHER,
    start: `${IN_TIME} --force`,
    first: TRIES,
    next: TRIES,
  },
  {
    name:
      "of another platform's chassis tries if WireServer's address is given",
    slow: true,
    platform: "none",
    prepare: ANOTHER,
    start: `${IN_TIME} --wireserver 168.63.129.16`,
    first: TRIES,
    next: TRIES,
  },
  {
    name:
      "of another platform's chassis tries if the image says that it runs anywhere",
    slow: true,
    platform: "none",
    prepare: `${ANOTHER}; >/etc/azure-provisioning.anywhere`,
    start: IN_TIME,
    first: TRIES,
    repair: "rm /etc/azure-provisioning.anywhere",
    next: LEAVES,
  },
  {
    name:
      "of another platform's chassis tries below a service manager's journal",
    slow: true,
    platform: "none",
    prepare: ANOTHER,
    start: `export JOURNAL_STREAM=1:1; ${IN_TIME}`,
    first: TRIES,
    next: TRIES,
  },
  {
    name:
      "of another platform's chassis leaves it alone where only that platform's metadata answer",
    platform: [REFUSED, "404@metadata"],
    prepare: ANOTHER,
    first: FOREIGN,
    next: FOREIGN,
  },
  {
    name: "of another platform's chassis tries where Azure's metadata answer",
    slow: true,
    platform: [REFUSED],
    prepare: ANOTHER,
    start: IN_TIME,
    first: { ...TRIES, requests: "metadata" },
    next: { ...TRIES, requests: "metadata" },
  },
  {
    name: "of Azure's chassis tries where nobody answers",
    platform: "none",
    prepare: tagged("7783-7084-3265-9085-8269-3286-77\\n"),
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
  {
    name: "of a chassis without a tag tries where nobody answers",
    slow: true,
    platform: "none",
    prepare: `${ANOTHER}; rm /sys/class/dmi/id/chassis_asset_tag`,
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
  {
    name: "of a chassis with an empty tag tries where nobody answers",
    slow: true,
    platform: "none",
    prepare: tagged("\\n"),
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
  {
    name: "of another platform's chassis tries if there is no grep",
    slow: true,
    platform: "none",
    prepare: `${ANOTHER}
      mkdir /run/bin; ln -s /nowhere /run/bin/grep
      mount -t overlay overlay -o lowerdir=/run/bin:/usr/bin /usr/bin`,
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
  {
    name: "of another platform's chassis tries if grep hangs",
    slow: true,
    platform: "none",
    prepare: greps("exec sleep 1000"),
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
  {
    name: "of another platform's chassis tries if grep fails",
    slow: true,
    platform: "none",
    prepare: greps("echo cannot >\\&2; exit 2"),
    start: IN_TIME,
    first: TRIES,
    next: TRIES,
  },
];
