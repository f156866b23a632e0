import {
  DONE,
  type FaultCase,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

const CONFIG = "/etc/azure-provisioning.conf";
const STATE_DIR = "/var/lib/azure-provisioning";

const NAME_KEPT: Outcome = { ...PROVISIONED, written: ["mark"] };

/** Faults of the machine: what its builder wrote, and the parts that it requires. */
export const CONFIGURATION_CASES: readonly FaultCase[] = [
  {
    name:
      "whose configuration file has a wrong line reports that, and does nothing",
    prepare: `printf 'timeout = 60\\nwihtout = hostname\\n' >${CONFIG}`,
    first: {
      code: 78,
      requests: "NotReady, goal state, metadata",
      written: [],
      log:
        /^Error: Cannot use the configuration file "\/etc\/azure-provisioning\.conf": line 2: Unknown key "wihtout"; did you mean "without"\?$/m,
    },
    repair: `rm ${CONFIG}`,
    next: PROVISIONED,
  },
  {
    name: "whose configuration file is a folder reports that, and does nothing",
    slow: true,
    prepare: `mkdir ${CONFIG}`,
    first: {
      code: 78,
      requests: "NotReady, goal state, metadata",
      log: /^Error: .*: it is not a file$/m,
      written: [],
    },
    repair: `rmdir ${CONFIG}`,
    next: PROVISIONED,
  },
  {
    name: "whose configuration file leaves the host name out keeps it",
    prepare: `echo 'without = hostname' >${CONFIG}`,
    first: NAME_KEPT,
    after: { script: "hostname", prints: "image\n" },
    next: { ...DONE, written: ["mark"] },
  },
  {
    name:
      "whose configuration file requires a host name that cannot be set reports NotReady",
    prepare: `echo 'with = hostname' >${CONFIG}
      rm /etc/hostname; mkdir /etc/hostname`,
    first: {
      code: 73,
      requests: "NotReady, goal state, metadata",
      log: /^Error: The host name "fault-vm" holds until the next boot only/m,
      written: ["hosts"],
    },
    after: {
      script: '"$0" status | head -n 1',
      prints: "The first boot failed.\n",
    },
    repair: "rmdir /etc/hostname; echo image >/etc/hostname",
    next: PROVISIONED,
    // There, hostnamectl has a daemon to ask.
    booted: {
      first: { code: 77, requests: "NotReady, goal state, metadata" },
    },
  },
  {
    name: "whose record cannot be written reports ready",
    slow: true,
    prepare: `mkdir -p ${STATE_DIR}/status.json/x`,
    first: PROVISIONED,
    next: DONE,
  },
];
