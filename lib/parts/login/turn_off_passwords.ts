import { isThere } from "../../files/is_there.ts";
import { shorten } from "../../shorten.ts";
import { pathOnDisk } from "./login_machine.ts";
import {
  SSHD_DROP_IN_FOLDER,
  type SshdMachine,
  writeSshdDropIn,
} from "./sshd_drop_in.ts";
import { sshdFiles } from "./sshd_files.ts";
import {
  type PasswordsAllowed,
  passwordsAllowed,
  readSshdSettings,
} from "./sshd_settings.ts";

/** The most reasons that a warning names. */
const MAX_REASONS = 3;

/**
 * Turns passwords off in sshd, from its next start.
 *
 * To be sure, everything that sshd reads is read again once the drop-in is in place.
 *
 * @returns Whether they are off; if not, a warning says why, and what to do.
 * @throws {ProvisioningError} If the drop-in cannot be written.
 */
export async function turnOffPasswords(
  machine: SshdMachine,
): Promise<boolean> {
  const { etcDir, log } = machine;
  const config = ["/etc", "/usr/etc"].map((folder) =>
    `${folder}/ssh/sshd_config`
  ).find((path) => isThere(pathOnDisk(path, etcDir)));
  if (config === undefined) {
    log.debug("No sshd_config, so no passwords to turn off");
    return false;
  }
  const planned = sshdFiles({ etcDir, withDropIn: true });
  const isIncluded = readSshdSettings(config, planned).settings
    .some(({ path, matches }) =>
      matches.length === 0 && planned.isDropIn(path)
    );
  const notWritten = isIncluded ? await writeSshdDropIn(machine) : undefined;
  const { settings, problem } = readSshdSettings(
    config,
    sshdFiles({ etcDir, withDropIn: false }),
  );
  const reasons = passwordsAllowed(settings).map(describe);
  if (problem !== undefined) reasons.unshift(`cannot tell: ${problem}`);
  if (reasons.length === 0) return true;
  if (notWritten !== undefined) reasons.unshift(notWritten);
  const more = reasons.length - MAX_REASONS;
  log.warn(
    `sshd may accept passwords, although the VM was created without: ${
      reasons.slice(0, MAX_REASONS).join("; ")
    }${more > 0 ? `; and ${more} more` : ""}; fix that in the image${
      isIncluded
        ? ""
        : `, or include ${SSHD_DROP_IN_FOLDER}/*.conf at the start of its sshd_config`
    }`,
  );
  return false;
}

function describe(allowed: PasswordsAllowed): string {
  if (allowed.kind === "default") {
    return `nothing sets ${allowed.keyword}, which is on by default`;
  }
  const { keyword, value, path, line, matches } = allowed.setting;
  const conditions = matches.map((criteria) =>
    ` in "Match ${shorten(criteria)}"`
  );
  return `line ${line} of "${shorten(path)}" sets ${keyword} to "${
    shorten(value)
  }"${conditions.join("")}`;
}
