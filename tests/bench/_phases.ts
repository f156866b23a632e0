/** A phase of a program's run, and how long it took. */
export interface Phase {
  /** Its name. */
  readonly name: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** The beginning of a phase: the first such system call after the phase before. */
export interface Boundary {
  /** The name of the part. */
  readonly name: string;
  /** The call, as strace writes it. */
  readonly call: RegExp;
}

interface Call {
  readonly atMs: number;
  readonly text: string;
}

const STARTED: Boundary = {
  name: "load the libraries",
  call: /^execve\(.*\) = 0$/,
};

/** The loader is done, and the C library asks for the size of the stack. */
const LOADED = /^prlimit64\(0, RLIMIT_STACK, NULL/;

const ENDED: Boundary = { name: "exit", call: /^exit_group\(/ };

/** The parts of this program's first boot. */
export const OWN_PHASES: readonly Boundary[] = [
  STARTED,
  { name: "start the runtime", call: LOADED },
  { name: "load the modules", call: /^rt_sigaction\(SIGHUP, \{/ },
  { name: "lock, mark", call: /^mkdir\("\/var\/lib\/azure-provisioning"/ },
  { name: "goal state, metadata", call: /^connect\(.*htons\(80\)/ },
  { name: "host-name tool", call: /hostnamectl"/ },
  { name: "hostname, hosts", call: /"\/etc\/hostname"/ },
  { name: "report", call: /^connect\(.*htons\(80\)/ },
  { name: "write the mark", call: /"\/var\/lib\/azure-provisioning/ },
  ENDED,
];

/** The parts of an empty program. */
export const EMPTY_PHASES: readonly Boundary[] = [
  STARTED,
  { name: "start the runtime", call: LOADED },
  ENDED,
];

/** The parts of the article's Python script. */
export const SCRIPT_PHASES: readonly Boundary[] = [
  STARTED,
  { name: "start the runtime", call: LOADED },
  { name: "load the modules", call: /^openat\(.*"\/bench\/article\.py"/ },
  { name: "goal state, metadata", call: /^connect\(.*htons\(80\)/ },
  { name: "report", call: /^connect\(.*htons\(80\)/ },
  ENDED,
];

/**
 * Splits a program's run into parts.
 *
 * @param trace What `strace -f -ttt` wrote.
 * @param boundaries Where the parts begin, in their order; the first is the program's start.
 * @returns The parts that there were, in their order.
 * @throws {Error} If the program's start is not in it.
 */
export function splitPhases(
  trace: string,
  boundaries: readonly Boundary[],
): Phase[] {
  const calls = callsOf(trace);
  // What starts the program is traced as well.
  let index = startOf(calls, boundaries[0]!);
  const starts: { readonly name: string; readonly atMs: number }[] = [];
  for (const { name, call } of boundaries) {
    const found = calls.findIndex((it, at) =>
      at >= index && call.test(it.text)
    );
    if (found === -1) continue;
    starts.push({ name, atMs: calls[found]!.atMs });
    index = found + 1;
  }
  const endMs = calls.at(-1)!.atMs;
  return starts.map(({ name, atMs }, at) => ({
    name,
    ms: (starts[at + 1]?.atMs ?? endMs) - atMs,
  }));
}

function startOf(calls: readonly Call[], { call }: Boundary): number {
  const chroot = calls.findIndex(({ text }) =>
    call.test(text) && /"chroot"/.test(text)
  );
  const found = calls.findIndex(({ text }, at) =>
    at > chroot && call.test(text)
  );
  if (found === -1) throw new Error("The trace lacks the program's start");
  return found;
}

/** A call that another thread's interrupted counts from its first half. */
function callsOf(trace: string): Call[] {
  return trace.split("\n").flatMap((line) => {
    const match = /^\s*\d+\s+(\d+\.\d+) (.*)$/.exec(line);
    return match === null
      ? []
      : [{ atMs: Number(match[1]) * 1000, text: match[2]! }];
  });
}
