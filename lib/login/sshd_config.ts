/** The folder whose files most distributions' sshd_config includes. */
export const SSHD_DROP_IN_FOLDER = "/etc/ssh/sshd_config.d";

/** Sorts before what others put there: the first value counts for sshd. */
export const SSHD_DROP_IN_NAME = "00-azure-provisioning.conf";

/** What turns passwords off; PAM asks for them by way of keyboard-interactive, too. */
export const SSHD_WITHOUT_PASSWORDS =
  `# Written by azure-provisioning: the VM was made with password authentication off.
PasswordAuthentication no
KbdInteractiveAuthentication no
`;

/**
 * Whether sshd takes a setting from a file in {@linkcode SSHD_DROP_IN_FOLDER}.
 *
 * @param config The text of sshd_config.
 * @returns `false` if it does not include that folder, or only within a `Match`, or
 * after it allows passwords itself: the first value counts.
 */
export function takesDropIns(config: string): boolean {
  for (const line of config.split("\n")) {
    const [keyword = "", ...values] = line.trim().split(/[\s=]+/);
    switch (keyword.toLowerCase()) {
      case "include":
        if (values.some((value) => isDropIns(value.replaceAll('"', "")))) {
          return true;
        }
        break;
      case "match":
        return false;
      case "passwordauthentication":
      case "kbdinteractiveauthentication":
      case "challengeresponseauthentication":
        if (values[0]?.toLowerCase() !== "no") return false;
    }
  }
  return false;
}

function isDropIns(pattern: string): boolean {
  return [
    `${SSHD_DROP_IN_FOLDER}/*.conf`,
    `${SSHD_DROP_IN_FOLDER}/*`,
    // From /etc/ssh, as sshd reads it.
    "sshd_config.d/*.conf",
    "sshd_config.d/*",
  ].includes(pattern);
}
