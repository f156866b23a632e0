import type { MachineFiles } from "./machine_files.ts";

/**
 * Finds the devices that a client was started for, by its PID files in `/run`: these
 * are `PROGRAM.DEVICE.pid`, `PROGRAM-DEVICE.pid` or `PROGRAM.pid`.
 *
 * A PID file shows that the client was started in this boot, because `/run` does not
 * outlive one. Whether it still runs, files cannot tell.
 *
 * @returns The devices; `undefined` for a file that names none.
 */
export function devicesWithPidFile(
  program: string,
  files: MachineFiles,
): (string | undefined)[] {
  return withoutSuffix(".pid", files.names("/run"))
    .filter((it) => it.startsWith(program))
    .map((it) => it.slice(program.length))
    .filter((it) => it === "" || /^[.-]./.test(it))
    .map((it) => it.slice(1) || undefined);
}

/** Returns the names that have a suffix, without it. */
export function withoutSuffix(
  suffix: string,
  names: readonly string[],
): string[] {
  return names.filter((it) => it.endsWith(suffix) && it.length > suffix.length)
    .map((it) => it.slice(0, -suffix.length));
}
