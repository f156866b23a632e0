import {
  DONE,
  type FaultCase,
  NOTHING,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

const START = 'exec "$0" provision --timeout 3';

function unreachable(why: string): Outcome {
  return {
    ...NOTHING,
    code: 69,
    log: new RegExp(
      `^Error: Cannot get the goal state from 168\\.63\\.129\\.16: ${why}( \\(os error [0-9]+\\))? \\([0-9]+ tr(y|ies) in [0-9.]+ s, time is up\\); check that the network is up`,
      "m",
    ),
    withinS: 20,
  };
}

/** Faults of the machine: network. */
export const NETWORK_CASES: readonly FaultCase[] = [
  {
    name: "on a network with IPv6 only says so in time",
    prepare: `ip -4 addr flush dev eth0
      ip -6 addr add fd00::5/64 dev eth0 nodad
      ip -6 route add default via fd00::1`,
    start: START,
    first: unreachable("Network is unreachable"),
    repair:
      "ip addr add 10.77.0.5/24 dev eth0; ip route add default via 10.77.0.1",
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "without a network interface says so in time",
    slow: true,
    platform: "none",
    prepare: "ip link delete eth0",
    start: START,
    first: unreachable("Network is unreachable"),
    next: unreachable("Network is unreachable"),
  },
  {
    name: "on a network that swallows everything says so in time",
    slow: true,
    prepare: `ip neigh add 10.77.0.99 lladdr 02:00:00:00:00:01 dev eth0
      ip route replace default via 10.77.0.99`,
    start: START,
    first: unreachable("No whole answer in time"),
    repair: "ip route replace default via 10.77.0.1",
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "without a loopback works",
    slow: true,
    prepare: "ip link set lo down",
    first: PROVISIONED,
    next: DONE,
  },
];
