import type { Step } from "../../dhcp/client.ts";

/** The program that has systemd run another one. */
export const SYSTEMD_RUN = "systemd-run";

/**
 * Has systemd run a step, outside the sandbox of the unit that asks. Whatever the step
 * leaves running ends with it.
 */
export function bySystemd({ program, args, timeoutMs }: Step): Step {
  return {
    program: SYSTEMD_RUN,
    args: [
      "--quiet",
      "--wait",
      "--collect",
      "--no-ask-password",
      "--service-type=exec",
      `--property=RuntimeMaxSec=${Math.ceil(timeoutMs / 1000)}`,
      "--",
      program,
      ...args,
    ],
    timeoutMs: timeoutMs + 1_000,
  };
}
