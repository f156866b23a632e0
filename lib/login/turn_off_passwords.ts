import { ExitCode } from "../exit_code.ts";
import { isThere } from "../files/is_there.ts";
import { fileProblem, writeAtomically } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";
import {
  type LoginMachine,
  readIfThere,
} from "../parts/login/login_machine.ts";
import {
  SSHD_DROP_IN_FOLDER,
  SSHD_DROP_IN_NAME,
  SSHD_WITHOUT_PASSWORDS,
} from "../parts/login/sshd_config.ts";
import { sshdFiles } from "../parts/login/sshd_files.ts";
import {
  type PasswordsAllowed,
  passwordsAllowed,
  readSshdSettings,
} from "../parts/login/sshd_settings.ts";

/** How many reasons are named. */
const MAX_REASONS = 3;

/**
 * Lets sshd take no passwords from its next start on.
 *
 * That they are off is said only after all that sshd reads has been read again, with
 * the file for it in its place.
 *
 * @param machine The machine.
 * @returns Whether it is so; otherwise the journal says why, and what to do.
 * @throws {ProvisioningError} If the file for it cannot be written.
 */
export function turnOffPasswords(
  { etcDir, log }: Pick<LoginMachine, "etcDir" | "log">,
): boolean {
  const config = ["/etc", "/usr/etc"].map((folder) =>
    `${folder}/ssh/sshd_config`
  ).find((path) => isThere(path.replace(/^\/etc/, etcDir)));
  if (config === undefined) {
    log.debug("There is no sshd_config to turn passwords off in");
    return false;
  }
  const planned = sshdFiles({ etcDir, withDropIn: true });
  const isIncluded = readSshdSettings(config, planned).settings
    .some(({ path, matches }) =>
      matches.length === 0 && planned.isDropIn(path)
    );
  if (isIncluded) writeDropIn(etcDir);
  const { settings, problem } = readSshdSettings(
    config,
    sshdFiles({ etcDir, withDropIn: false }),
  );
  const reasons = passwordsAllowed(settings).map(describe);
  if (problem !== undefined) reasons.unshift(`cannot tell, as ${problem}`);
  if (reasons.length === 0) return true;
  const more = reasons.length - MAX_REASONS;
  log.warn(
    `sshd may take passwords, although the VM was made without: ${
      reasons.slice(0, MAX_REASONS).join("; ")
    }${more > 0 ? `; and ${more} more` : ""}; mend that in the image${
      isIncluded
        ? ""
        : `, or include ${SSHD_DROP_IN_FOLDER}/*.conf at the start of its sshd_config`
    }`,
  );
  return false;
}

function describe(allowed: PasswordsAllowed): string {
  if (allowed.kind === "default") {
    return `nothing sets ${allowed.keyword}, which is on then`;
  }
  const { keyword, value, path, line, matches } = allowed.setting;
  const whom = matches.map((criteria) => ` in "Match ${shorten(criteria)}"`);
  return `line ${line} of "${shorten(path)}" sets ${keyword} to "${
    shorten(value)
  }"${whom.join("")}`;
}

function writeDropIn(etcDir: string): void {
  const path = `${etcDir}/ssh/sshd_config.d/${SSHD_DROP_IN_NAME}`;
  if (readIfThere(path) === SSHD_WITHOUT_PASSWORDS) return;
  try {
    writeAtomically(path, SSHD_WITHOUT_PASSWORDS, { mode: 0o644 });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write "${path}": ${
        fileProblem(error)
      }; see that /etc/ssh can be written`,
      {
        key: "passwords_not_turned_off",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}
