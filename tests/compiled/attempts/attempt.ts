/** One thing that the sandbox of the compiled program allows or refuses. */
export interface Attempt {
  /** The name of the attempt. */
  readonly what: string;
  /** How it ends: `works`, `refused` for want of a permission, or another error. */
  readonly ends: string;
  /** Makes the attempt. */
  readonly run: () => unknown;
}

/** The folder of the program's state. */
export const STATE = "/var/lib/azure-provisioning";

/** Returns an attempt that works: the control of those that are refused. */
export function works(what: string, run: () => unknown): Attempt {
  return { what, ends: "works", run };
}

/** Returns an attempt that is refused for want of a permission. */
export function refused(what: string, run: () => unknown): Attempt {
  return { what, ends: "refused", run };
}
