import { callerId, ROOT_ID } from "../files/caller_id.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import { mayLock } from "../state/lock.ts";

/**
 * Makes sure that root runs a command, before it sends anything: another user could not
 * do its work, and would only learn that after twenty minutes.
 *
 * Root with fewer capabilities passes, as a sandbox may take those that its parts do not
 * need. So does root on a disk that cannot be written: that VM still has to report. Root of
 * a user namespace that has no rights on the machine is another user. It sees the root
 * folder as somebody else's, and may not write.
 *
 * @param command The command's name.
 * @param stateDir The state directory.
 * @throws {ProvisioningError} If it is not root.
 */
export function requireRoot(command: string, stateDir: string): void {
  const caller = callerId();
  if (caller !== ROOT_ID) {
    throw notRoot(`"${command}" needs root, but user ${caller} runs it`);
  }
  if (!isRootsMachine() && !mayLock(stateDir)) {
    throw notRoot(
      `"${command}" needs the machine's root, but a user namespace's root runs it, who may not write "${stateDir}"`,
    );
  }
}

function isRootsMachine(): boolean {
  try {
    return Deno.statSync("/").uid === ROOT_ID;
  } catch {
    return true;
  }
}

function notRoot(problem: string): ProvisioningError {
  return new ProvisioningError(
    `${problem}; nothing was sent: run it as root, such as with sudo`,
    { key: "not_root", exitCode: ExitCode.notPermitted },
  );
}
