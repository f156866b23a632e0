import { DONE, type FaultCase, PROVISIONED } from "../_fault_case.ts";

const POOL = "/var/lib/hyperv/.kvp_pool_1";
const MAKE_POOL = `mkdir /var/lib/hyperv; >${POOL}`;

/** The keys in the pool, the size, and the report's start: the machine has no program that reads pools. */
const SHOW =
  `perl -e 'local $/; open F, "<", "${POOL}"; $_ = <F>; print length($_), "\\n"; for (my $i = 0; $i < length; $i += 2560) { my ($key, $value) = unpack("Z512Z2048", substr($_, $i)); $value =~ s/\\|(agent|Cannot|timestamp).*| from .*//; $value =~ s/=\\d+/=N/g; print "$key $value\\n" }'`;

const WARNED = /^Warning: Cannot write the telemetry to ".*": /m;

/** Faults of the machine: what tells the host how it went. */
export const TELEMETRY_CASES: readonly FaultCase[] = [
  {
    name: "with hv_kvp_daemon's pool tells the host, once",
    prepare: MAKE_POOL,
    first: PROVISIONED,
    after: {
      script: SHOW,
      prints:
        "5120\nPROVISIONING_REPORT result=success\nAZURE_PROVISIONING_PHASES metadata=N|goal-state=N|hostname=N|dns=N skipped|user=N skipped|password=N skipped|sudo=N skipped|ssh-keys=N skipped|login=N skipped|userdata=N skipped|customdata=N skipped\n",
    },
    next: DONE,
  },
  {
    name: "that does not reach WireServer tells the host why",
    prepare: MAKE_POOL,
    platform: ["refuse@goal-state"],
    start: 'exec "$0" provision --timeout=3',
    first: {
      code: 69,
      requests: "metadata",
      log: /^Error: Cannot get the goal state/m,
      written: [],
    },
    after: {
      script: SHOW,
      prints:
        "5120\nPROVISIONING_REPORT result=error|reason=goal_state_unavailable: Cannot get the goal state\nAZURE_PROVISIONING_PHASES metadata=N|goal-state=N failed\n",
    },
    next: {
      code: 69,
      requests: "metadata",
      log: /^Error: Cannot get the goal state/m,
      written: [],
    },
  },
  {
    name: "with a pool on a full disk warns, and leaves it as it was",
    prepare:
      `mkdir /var/lib/hyperv; mount -t tmpfs -o size=4k none /var/lib/hyperv
      head -c 2560 /dev/zero >${POOL}`,
    first: { ...PROVISIONED, log: WARNED },
    after: { script: `stat -c %s ${POOL}`, prints: "2560\n" },
    next: DONE,
  },
  {
    name: "with a read-only pool warns",
    prepare: `${MAKE_POOL}; mount --bind ${POOL} ${POOL}
      mount -o remount,bind,ro ${POOL}`,
    first: { ...PROVISIONED, log: WARNED },
    next: DONE,
  },
  {
    name:
      "with a pool that another program has locked warns within a second or so",
    prepare:
      `${MAKE_POOL}; flock ${POOL} sleep 20 </dev/null >/dev/null 2>&1 & sleep 0.3`,
    first: { ...PROVISIONED, log: WARNED, withinS: 15 },
    next: DONE,
  },
  {
    name:
      "with a read-only pool that it must tell the host by reports a failure",
    prepare: `${MAKE_POOL}; mount --bind ${POOL} ${POOL}
      mount -o remount,bind,ro ${POOL}`,
    start: 'exec "$0" provision --with telemetry',
    first: {
      code: 73,
      requests: "NotReady, goal state, metadata",
      log: /^Error: Cannot write the telemetry/m,
      written: ["hostname", "hosts"],
    },
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "without the telemetry that was left out writes none",
    prepare: MAKE_POOL,
    start: 'exec "$0" provision --without telemetry',
    first: PROVISIONED,
    after: { script: `stat -c %s ${POOL}`, prints: "0\n" },
    nextIsPlain: true,
    next: DONE,
  },
];
