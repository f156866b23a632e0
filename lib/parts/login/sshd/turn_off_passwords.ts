import {
  describeSetting,
  remedyFor,
  settingsWith,
  sshdConfigOf,
} from "./set_sshd_passwords.ts";
import { SSHD_WITHOUT_PASSWORDS, type SshdMachine } from "./sshd_drop_in.ts";
import { type PasswordsAllowed, passwordsAllowed } from "./sshd_settings.ts";

/** The most reasons that a warning names. */
const MAX_REASONS = 3;

/**
 * Turns passwords off in sshd, also in one that runs already.
 *
 * To be sure, everything that sshd reads is read again once the drop-in is in place.
 *
 * @returns Whether they are off; if not, a warning says why, and what to do.
 * @throws {ProvisioningError} If the drop-in cannot be written.
 */
export async function turnOffPasswords(
  machine: SshdMachine,
): Promise<boolean> {
  const { log } = machine;
  const config = sshdConfigOf(machine);
  if (config === undefined) {
    log.debug("No sshd_config, so no passwords to turn off");
    return false;
  }
  const { settings, problem, isIncluded, notWritten } = await settingsWith(
    SSHD_WITHOUT_PASSWORDS,
    config,
    machine,
  );
  const reasons = passwordsAllowed(settings).map(describe);
  if (problem !== undefined) reasons.unshift(`cannot tell: ${problem}`);
  if (reasons.length === 0) return true;
  if (notWritten !== undefined) reasons.unshift(notWritten);
  const more = reasons.length - MAX_REASONS;
  log.warn(
    `sshd may accept passwords, although the VM was created without: ${
      reasons.slice(0, MAX_REASONS).join("; ")
    }${more > 0 ? `; and ${more} more` : ""}; ${remedyFor({ isIncluded })}`,
  );
  return false;
}

function describe(allowed: PasswordsAllowed): string {
  if (allowed.kind === "default") {
    return `nothing sets ${allowed.keyword}, which is on by default`;
  }
  return describeSetting(allowed.setting);
}
