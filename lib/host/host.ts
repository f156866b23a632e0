import {
  revokeRunPermissions,
  runProgram,
  type RunProgramOptions,
  type RunResult,
} from "./run_program.ts";

/** The machine that is provisioned; a test or the demo passes a made-up one. */
export interface Host {
  /** The folder of `hostname`, `hosts` and the like, `/etc` on a real machine. */
  readonly etcDir: string;
  /** Runs a program of the system. */
  readonly run: (
    name: string,
    options: RunProgramOptions,
  ) => Promise<RunResult>;
  /** The host name that the kernel has now. */
  readonly currentName: () => string;
  /** Gives up permissions that the run does not need. */
  readonly revoke: (permissions: UnusedPermissions) => void;
}

/** Permissions that a run does not need. */
export interface UnusedPermissions {
  /** Programs of the system, by name. */
  readonly programs: readonly string[];
  /** Paths to write. */
  readonly paths: readonly string[];
}

/** The machine that the program runs on. Needs `--allow-sys=hostname`. */
export const systemHost: Host = {
  etcDir: "/etc",
  run: runProgram,
  currentName: () => Deno.hostname(),
  revoke,
};

/**
 * Gives up permissions for as long as this process lives: nothing that comes later can
 * use them, whatever a flaw makes of the platform's answers.
 *
 * It works on permissions that name their programs and paths, as those of the compiled
 * program do; one for everything stays.
 */
function revoke({ programs, paths }: UnusedPermissions): void {
  revokeRunPermissions(programs);
  for (const path of paths) {
    Deno.permissions.revokeSync({ name: "write", path });
  }
}
