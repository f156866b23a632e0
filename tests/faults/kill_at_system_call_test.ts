import { assertEquals } from "@std/assert";
import {
  type CrashLab,
  makeCrashLab,
  type Phase,
  tallyOf,
} from "./_crash_lab.ts";
import { faultTest, missing } from "./_register.ts";

/** A moment: just before a thread's so-many-th system call of a kind. */
interface Point {
  readonly call: string;
  /** The file that it is about; without one, any call of the kind counts. */
  readonly path?: string;
  readonly nth: number;
}

const STATE_DIR = "/var/lib/azure-provisioning";

/** What the program reads and writes; its log goes to a file, so that its lines count. */
const LOG = "/run/log";
const PATHS = [
  STATE_DIR,
  `${STATE_DIR}/lock`,
  `${STATE_DIR}/.provisioned.json.azure-provisioning`,
  `${STATE_DIR}/provisioned.json`,
  `${STATE_DIR}/.status.json.azure-provisioning`,
  `${STATE_DIR}/status.json`,
  "/etc",
  "/etc/.hostname.azure-provisioning",
  "/etc/hostname",
  "/etc/.hosts.azure-provisioning",
  "/etc/hosts",
  LOG,
];
const FILE_CALLS = [
  "mkdir",
  "openat",
  "flock",
  "read",
  "write",
  "fsync",
  "fdatasync",
  "chmod",
  "fchmod",
  "chown",
  "fchown",
  "rename",
  "unlink",
  "close",
];
const OTHER_CALLS = [
  "socket",
  "connect",
  "sendto",
  "recvfrom",
  "clone3",
  "exit_group",
];

/** With a time zone named, the runtime does not look for its name in thousands of files. */
const STRACE = "TZ=UTC strace -f -qq -y -o /run/trace";

for (
  const { most, slow } of [{ most: 4, slow: false }, {
    most: Infinity,
    slow: true,
  }]
) {
  faultTest(
    `a run that is killed before ${
      slow ? "each of its" : `${most} of its`
    } system calls: the next one always ends provisioned`,
    { slow, obstacle: missing("strace") },
    () => killAtCalls(most),
  );
}

async function killAtCalls(most: number): Promise<void> {
  await using lab = await makeCrashLab();
  const all = [
    ...await fileCalls(lab),
    ...await otherCalls(lab),
  ];
  const points = most === Infinity ? all : sampleOf(all, most);
  const phases: Phase[] = [];
  const missed: string[] = [];
  for (const point of points) {
    const name = `${point.call} ${point.path ?? ""} (${point.nth})`;
    try {
      const phase = await lab.crash(() => killAt(lab, point));
      if (phase === "not killed") missed.push(name);
      phases.push(phase);
    } catch (error) {
      throw new Error(`Killed before ${name}`, { cause: error });
    }
  }
  console.log(
    `${points.length} of ${all.length} system calls: ${tallyOf(phases)}`,
  );
  // Which thread makes a call is chance, so a few are not found again.
  assertEquals(missed.length <= points.length / 4, true, missed.join("\n"));
}

/** First calls only, as whichever thread makes one, it is the thread's first. */
function sampleOf(all: readonly Point[], most: number): Point[] {
  const sure = all.filter(({ nth }) => nth === 1);
  return sure.filter((_, i) => i % Math.ceil(sure.length / most) === 0);
}

async function killAt({ machine }: CrashLab, { call, path, nth }: Point) {
  const filter = path === undefined ? "" : `-P ${path}`;
  const run = machine.start(
    `rm -f ${LOG}; code=0
     ${STRACE} ${filter} -e trace=${call} -e inject=${call}:signal=SIGKILL:when=${nth} "$0" provision 2>${LOG} || code=$?
     cat ${LOG} >&2; exit $code`,
  );
  await run.end;
  return run;
}

/** The calls about the program's files, each path's and kind's counted on its own. */
async function fileCalls(lab: CrashLab): Promise<Point[]> {
  const trace = await traceOf(
    lab,
    FILE_CALLS,
    PATHS.map((path) => `-P ${path}`).join(" "),
  );
  const longestFirst = PATHS.toSorted((a, b) => b.length - a.length);
  return counted(
    trace.map(({ call, rest }) => {
      const path = longestFirst.find((path) => rest.includes(path));
      return path === undefined ? [] : [{ call, path }];
    }).flat(),
  );
}

/** The other calls of the thread that runs our code. */
async function otherCalls(lab: CrashLab): Promise<Point[]> {
  const trace = await traceOf(lab, OTHER_CALLS, "");
  const main = trace[0]!.thread;
  return counted(
    trace.filter(({ thread }) => thread === main).map(({ call }) => ({ call })),
  );
}

/** Every call gets the number of equal ones before it. */
function counted(calls: readonly { call: string; path?: string }[]): Point[] {
  const counts = new Map<string, number>();
  return calls.map((it) => {
    const key = `${it.call} ${it.path}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return { ...it, nth };
  });
}

async function traceOf(
  lab: CrashLab,
  calls: readonly string[],
  filter: string,
): Promise<{ thread: string; call: string; rest: string }[]> {
  let trace = "";
  await lab.crash(async () => {
    const run = lab.machine.start(
      `${STRACE} ${filter} -e trace=${calls.join(",")} "$0" provision 2>${LOG}`,
    );
    await run.end;
    trace = await lab.machine.succeed("cat /run/trace");
    return run;
  });
  return [...trace.matchAll(/^(\d+) +(\w+)\((.*)$/gm)].map((
    [, thread, call, rest],
  ) => ({ thread: thread!, call: call!, rest: rest! }));
}
