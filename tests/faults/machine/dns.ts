import { DONE, type FaultCase, PROVISIONED } from "../_fault_case.ts";
import { missing } from "../_register.ts";

/** A client that has left its files, but whose program is missing. */
const LOST_CLIENT = `mkdir /var/lib/dhcp
  echo 'lease { interface "eth0"; fixed-address 10.77.0.5; }' >/var/lib/dhcp/dhclient.eth0.leases
  echo 1 >/run/dhclient.eth0.pid`;
const OBSTACLE = missing("dhclient") === undefined
  ? "there must be no dhclient"
  : undefined;

/** Faults of the machine: passing the name on to DNS. */
export const DNS_CASES: readonly FaultCase[] = [
  {
    name: "whose DHCP client cannot be told the name warns, and reports ready",
    prepare: LOST_CLIENT,
    obstacle: OBSTACLE,
    first: {
      ...PROVISIONED,
      log:
        /^Warning: The name "fault-vm" may not get into DNS: dhclient on eth0: the program "dhclient" is not installed; going on without "dns"$/m,
    },
    next: DONE,
  },
  {
    name:
      "whose DHCP client cannot be told the name, which it must be, reports a failure",
    prepare: LOST_CLIENT,
    obstacle: OBSTACLE,
    start: 'exec "$0" provision --with dns',
    first: {
      code: 78,
      requests: "NotReady, goal state, metadata",
      log:
        /^Error: The name "fault-vm" may not get into DNS: dhclient on eth0/m,
      written: ["hostname", "hosts"],
    },
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "without a DHCP client says so, and reports ready",
    first: {
      ...PROVISIONED,
      log:
        /^Warning: dns: no known DHCP client was found that could pass the name on to DNS; skipped$/m,
    },
    next: DONE,
  },
];
