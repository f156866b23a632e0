import {
  byFallback,
  DONE,
  type FaultCase,
  NOTHING,
  PLAIN_START,
  PROVISIONED,
} from "../_fault_case.ts";
import { missing } from "../_register.ts";
import { RUNTIME } from "../../../tools/build/runtime.ts";

/** How a panic ends the program: without unwind tables, which objcopy takes out, it aborts. */
const PANIC = RUNTIME.unwindTables && missing("objcopy") !== undefined
  ? 101
  : 134;

const limited = (limit: string) => `ulimit ${limit}; exec "$0" provision`;

function works(name: string, start: string, slow = true): FaultCase {
  return { name: `${name} works`, start, first: PROVISIONED, next: DONE, slow };
}

/** Faults of the machine: limits. */
export const LIMITS_CASES: readonly FaultCase[] = [
  works("with 24 open files", limited("-n 24")),
  works("with 32 open files", limited("-n 32"), false),
  works("with one process for its user", limited("-p 1")),
  works("with a stack of 256 KiB", limited("-s 256")),
  works("without core files", limited("-c 0")),
  {
    ...works("on one processor", 'exec taskset -c 0 "$0" provision'),
    obstacle: missing("taskset"),
    booted: {
      // The unit's filter forbids what taskset does.
      prepare: `folder=/run/systemd/system/azure-provisioning.service.d
        mkdir -p $folder; printf '[Service]\\nCPUAffinity=0\\n' >$folder/cpu.conf
        systemctl daemon-reload`,
      start: PLAIN_START,
    },
  },
  {
    // Between 10 and 20, it depends on what is open when.
    name: "with 10 open files ends at once, and says why",
    slow: true,
    start: limited("-c 0; ulimit -n 10"),
    first: { ...NOTHING, code: PANIC, log: /Too many open files/ },
    nextIsPlain: true,
    next: PROVISIONED,
    booted: byFallback(PANIC),
  },
  {
    name:
      "that may write no file is ended by the kernel, and nothing is half-written",
    slow: true,
    start: limited("-f 0"),
    first: {
      ...NOTHING,
      code: 128 + 25,
      // It is ended when it records that a run is under way, right after this line.
      log: /^Retrieving goal state from the Wireserver\n$/,
      temporary: [".status.json.azure-provisioning"],
    },
    nextIsPlain: true,
    next: PROVISIONED,
  },
  {
    name: "with a stack of 64 KiB ends at once",
    slow: true,
    start: limited("-c 0; ulimit -s 64"),
    first: { ...NOTHING, code: 134, log: /has overflowed its stack/ },
    nextIsPlain: true,
    next: PROVISIONED,
    booted: byFallback(134),
  },
  {
    // V8 reserves addresses, not memory, for far more than any machine has.
    name: "with an address space of 1 GB ends at once",
    slow: true,
    start: limited("-c 0; ulimit -v 1000000"),
    first: { ...NOTHING, code: 133, log: /Fatal process out of memory/ },
    nextIsPlain: true,
    next: PROVISIONED,
    booted: byFallback(133),
  },
];
