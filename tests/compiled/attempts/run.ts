import { type Attempt, refused, STATE, works } from "./attempt.ts";

async function runProgram(
  path: string,
  options: Deno.CommandOptions = {},
): Promise<void> {
  const { success } = await new Deno.Command(path, {
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...options,
  }).output();
  if (!success) throw new Error(`"${path}" failed`);
}

/** Running programs. */
export const RUN: readonly Attempt[] = [
  works("run hostname", () => runProgram("/usr/bin/hostname")),
  works(
    "run useradd",
    () => runProgram("/usr/sbin/useradd", { args: ["--help"] }),
  ),
  ...[
    "/bin/sh",
    "/usr/bin/env",
    "/usr/bin/true",
    "/usr/sbin/userdel",
    "/usr/bin/passwd",
    "/usr/bin/sudo",
    "/usr/bin/busybox",
    "/usr/bin/networkctl",
    "/usr/sbin/ifdown",
    "sh",
    "/usr/local/bin/hostname",
    `${STATE}/hostname`,
    "./hostname",
    "/usr/bin/../../etc/hostname",
    "/usr/bin/hostname2",
    "/proc/self/exe",
  ].map((path) => refused(`run ${path}`, () => runProgram(path))),
  refused(
    "run a hostname that PATH finds elsewhere",
    () => runProgram("hostname", { env: { PATH: STATE } }),
  ),
  refused(
    "load a library into hostname",
    () =>
      runProgram("/usr/bin/hostname", {
        env: { LD_PRELOAD: `${STATE}/x.so` },
      }),
  ),
  refused("signal a process", () => Deno.kill(1, "SIGCONT")),
];
