import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  EMPTY_PHASES,
  OWN_PHASES,
  SCRIPT_PHASES,
  splitPhases,
} from "./_phases.ts";

const START = [
  ["0.000", 'execve("/usr/sbin/chroot", ["chroot", "/r", "/p"], 0x1) = 0'],
  ["0.001", "prlimit64(0, RLIMIT_STACK, NULL, {}) = 0"],
  ["0.002", 'execve("/p", ["/p"], 0x1 /* 2 vars */) = 0'],
  ["0.004", "prlimit64(0, RLIMIT_STACK, NULL, {}) = 0"],
] as const;

function trace(calls: readonly (readonly [string, string])[]): string {
  return calls.map(([time, call]) => `77 1700000000.${time.slice(2)} ${call}`)
    .join("\n");
}

function rounded(text: string, boundaries = OWN_PHASES): [string, number][] {
  return splitPhases(text, boundaries).map(({ name, ms }) => [
    name,
    Math.round(ms),
  ]);
}

Deno.test("splitPhases() splits a first boot", () => {
  const text = trace([
    ...START,
    ["0.005", "rt_sigaction(SIGPIPE, {sa_handler=SIG_IGN}) = 0"],
    ["0.040", "rt_sigaction(SIGHUP, {sa_handler=0x1}) = 0"],
    ["0.050", 'mkdir("/var/lib/azure-provisioning", 0755) = 0'],
    [
      "0.053",
      "connect(9, {sin_port=htons(80)}, 16) = -1 EINPROGRESS (Operation now in progress)",
    ],
    ["0.054", "connect(10, {sin_port=htons(80)}, 16 <unfinished ...>"],
    ["0.060", 'execve("/usr/bin/hostnamectl", ["x"], 0x1) = -1 ENOENT'],
    ["0.061", 'execve("/usr/bin/hostname", ["x"], 0x1) = 0'],
    ["0.064", 'statx(AT_FDCWD, "/etc/hostname", 0, STATX_ALL) = 0'],
    ["0.070", "connect(9, {sin_port=htons(80)}, 16) = 0"],
    [
      "0.074",
      'openat(AT_FDCWD, "/var/lib/azure-provisioning/.provisioned.json") = 4',
    ],
    ["0.079", "exit_group(0) = ?"],
    ["0.081", "+++ exited with 0 +++"],
  ]);
  assertEquals(rounded(text), [
    ["load the libraries", 2],
    ["start the runtime", 36],
    ["load the modules", 10],
    ["lock, mark", 3],
    ["goal state, metadata", 7],
    ["host-name tool", 4],
    ["hostname, hosts", 6],
    ["report", 4],
    ["write the mark", 5],
    ["exit", 2],
  ]);
});

Deno.test("splitPhases() covers the whole run of the program, and nothing before it", () => {
  const text = trace([
    ...START,
    ["0.050", "exit_group(0) = ?"],
    ["0.052", "+++ exited with 0 +++"],
  ]);
  const phases = splitPhases(text, EMPTY_PHASES);
  assertAlmostEquals(phases.reduce((sum, { ms }) => sum + ms, 0), 50, 0.01);
});

Deno.test("splitPhases() leaves out the phases that there were not", () => {
  const text = trace([
    ...START,
    ["0.020", 'openat(AT_FDCWD, "/bench/article.py", O_RDONLY) = 3'],
    ["0.050", "exit_group(1) = ?"],
  ]);
  assertEquals(rounded(text, SCRIPT_PHASES), [
    ["load the libraries", 2],
    ["start the runtime", 16],
    ["load the modules", 30],
    ["exit", 0],
  ]);
});

Deno.test("splitPhases() wants the program's start", () => {
  assertThrows(
    () => splitPhases("", OWN_PHASES),
    Error,
    "lacks the program's start",
  );
});
