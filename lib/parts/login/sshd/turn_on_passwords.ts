import {
  describeSetting,
  remedyFor,
  settingsWith,
  sshdConfigOf,
} from "./set_sshd_passwords.ts";
import { SSHD_WITH_PASSWORDS, type SshdMachine } from "./sshd_drop_in.ts";
import { isForAll, type SshdSetting } from "./sshd_settings.ts";

/** What stands in the way of a password. */
const KEYWORD = "PasswordAuthentication";

/**
 * Turns passwords on in sshd, also in one that runs already.
 *
 * To be sure, everything that sshd reads is read again once the drop-in is in place.
 *
 * @param name The user who is to log in.
 * @returns Whether they are on; if not, a warning says why, and what to do.
 * @throws {ProvisioningError} If the drop-in cannot be written.
 */
export async function turnOnPasswords(
  name: string,
  machine: SshdMachine,
): Promise<boolean> {
  const { log } = machine;
  const config = sshdConfigOf(machine);
  if (config === undefined) {
    log.debug("No sshd_config, so no passwords to turn on");
    return false;
  }
  const { settings, problem, isIncluded, notWritten } = await settingsWith(
    SSHD_WITH_PASSWORDS,
    config,
    machine,
  );
  const setting = refusalOf(settings, name);
  const reason = problem !== undefined
    ? `cannot tell: ${problem}`
    : setting && describeSetting(setting);
  if (reason === undefined) return true;
  const reasons = [notWritten, reason].filter((it) => it !== undefined);
  log.warn(
    `sshd may refuse the password, although the VM was created with one: ${
      reasons.join("; ")
    }; ${remedyFor({ isIncluded })}`,
  );
  return false;
}

/**
 * Finds the line that makes sshd refuse a user's password. The first value wins, and that
 * of a `Match` over all values outside; without any, passwords are on.
 */
function refusalOf(
  settings: readonly SshdSetting[],
  name: string,
): SshdSetting | undefined {
  const own = settings.filter(({ keyword }) => keyword === KEYWORD);
  const matched = own.filter(({ matches }) =>
    matches.length > 0 && matches.every((criteria) => mayMatch(criteria, name))
  );
  const outside = own.find(({ matches }) => matches.length === 0);
  for (const setting of outside ? [...matched, outside] : matched) {
    if (setting.value.toLowerCase() === "no") return setting;
    if (isForAll(setting)) break;
  }
  return undefined;
}

/** Only a plain list of other users certainly does not match. */
function mayMatch(criteria: string, name: string): boolean {
  const [, users] = /^user ([^\s*?!]+)$/i.exec(criteria) ?? [];
  return users === undefined || users.split(",").includes(name);
}
