/** The rule's file in `/etc/sudoers.d`; sudo passes over names with a dot. */
export const SUDOERS_NAME = "90-azure-provisioning";

/** Ends the line of doas.conf that this program adds, so that it finds it again. */
const MARK = "# Added by azure-provisioning";

/**
 * The rule that lets a user become root by sudo without a password, as the account
 * has none.
 *
 * @param name A name that `checkUserName` takes.
 * @returns The text of a file of sudoers(5).
 */
export function sudoersRule(name: string): string {
  // Without quotes, a name of capitals would be an alias, and ALL everybody.
  return `${MARK}\n"${name}" ALL=(ALL:ALL) NOPASSWD: ALL\n`;
}

/**
 * Whether sudo reads `/etc/sudoers.d`.
 *
 * @param sudoers The text of `/etc/sudoers`.
 * @returns Whether it includes that folder; `#` in front of the word is its older form.
 */
export function includesSudoersFolder(sudoers: string): boolean {
  return /^[ \t]*[@#]includedir[ \t]+"?\/etc\/sudoers\.d\/?"?[ \t]*$/m
    .test(sudoers);
}

/**
 * Adds the rule that lets a user become root by doas without a password.
 *
 * @param conf The text of doas.conf(5).
 * @param name A name that `checkUserName` takes.
 * @returns The new text, or the same one if the rule is there.
 */
export function withDoasRule(conf: string, name: string): string {
  const rule = `permit nopass "${name}" ${MARK}`;
  if (conf.split("\n").includes(rule)) return conf;
  const separator = conf === "" || conf.endsWith("\n") ? "" : "\n";
  return `${conf}${separator}${rule}\n`;
}
