import {
  type LoginMachine,
  type ProgramMachine,
  runWithin,
} from "./login_machine.ts";

/** The program that labels files for SELinux. */
export const SELINUX_LABELLER = "restorecon";

/**
 * Labels a user's keys: with SELinux, sshd may only read files that are labelled for it.
 * Failure is only a warning.
 *
 * @param paths The folder and the file.
 */
export async function labelKeys(
  paths: readonly string[],
  userName: string,
  machine: ProgramMachine & Pick<LoginMachine, "log">,
): Promise<void> {
  const result = await runWithin(machine, SELINUX_LABELLER, paths);
  if (result.kind === "failed") {
    machine.log.warn(
      `Cannot label the SSH keys of "${userName}" for SELinux: ${result.reason}`,
    );
  }
}
