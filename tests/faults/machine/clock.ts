import { DONE, type FaultCase, NOTHING, PROVISIONED } from "../_fault_case.ts";

const LIBRARY = findLibrary();
const obstacle = LIBRARY === undefined
  ? "they need libfaketime (on Debian: apt-get install faketime)"
  : undefined;

/** Only the clock of the day is made up: the kernel's own clock never jumps. */
const FAKE = `env LD_PRELOAD=${LIBRARY} DONT_FAKE_MONOTONIC=1`;

const startsAt = (time: string) =>
  `exec ${FAKE} FAKETIME='@${time}' "$0" provision`;

/** Sets the clock forward, and after a second back, by an hour each. */
const JUMPS = `printf +0 >/run/offset
  (sleep 1; printf +3600 >/run/offset; sleep 1; printf -- -3600 >/run/offset) &
  exec ${FAKE} FAKETIME_TIMESTAMP_FILE=/run/offset FAKETIME_NO_CACHE=1 "$0" provision --log-format json`;

function worksAt(year: number): FaultCase {
  return {
    name: `in the year ${year} works`,
    slow: true,
    obstacle,
    start: startsAt(`${year}-01-01 00:00:10`),
    first: PROVISIONED,
    next: { ...DONE, log: new RegExp(`was provisioned at ${year}-01-01T`) },
  };
}

/** Faults of the machine: clock. */
export const CLOCK_CASES: readonly FaultCase[] = [
  worksAt(1970),
  worksAt(2038),
  worksAt(2107),
  {
    name: "whose clock jumps by hours gives up in time all the same",
    slow: true,
    obstacle,
    platform: "none",
    start: `${JUMPS} --timeout 5`,
    first: {
      ...NOTHING,
      code: 69,
      // Without the jumps the test would say nothing: the log has to show an earlier time after a later one.
      log:
        /T(\d\d):[^]*(?!T\1)T\d\d:[^]*"message":"Cannot get the goal state from 168\.63\.129\.16: Connection refused \(\d+ tries in [2-5]\.\d s, time is up\)/,
      withinS: 30,
    },
    next: {
      ...NOTHING,
      code: 69,
      log: /Connection refused/,
      withinS: 30,
    },
  },
  {
    name: "whose clock jumps by hours while it waits for the platform works",
    slow: true,
    obstacle,
    platform: ["late-start=3"],
    start: JUMPS,
    first: { ...PROVISIONED, log: /"Provisioned: the platform knows/ },
    next: { ...DONE, log: /This VM was provisioned at/, withinS: 30 },
  },
];

function findLibrary(): string | undefined {
  return ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((machine) =>
    `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`
  ).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
