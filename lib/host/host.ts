import { hasProgram } from "./find_program.ts";
import { revokeRunPermissions } from "./revoke_run_permissions.ts";
import {
  runProgram,
  type RunProgramOptions,
  type RunResult,
} from "./run_program.ts";

/** A machine; tests and the demo pass a made-up one. */
export interface Host {
  /** The folder of the system's settings, `/etc` on a real machine. */
  readonly etcDir: string;
  /** Runs a program of the system. */
  readonly run: (
    name: string,
    options: RunProgramOptions,
  ) => Promise<RunResult>;
  /** Returns whether a program of the system is installed. */
  readonly has: (name: string) => boolean;
  /** Returns the kernel's current host name. */
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
  has: hasProgram,
  currentName: () => Deno.hostname(),
  revoke({ programs, paths }) {
    revokeRunPermissions(programs);
    for (const path of paths) {
      Deno.permissions.revokeSync({ name: "write", path });
    }
  },
};
