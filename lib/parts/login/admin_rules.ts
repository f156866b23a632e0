/** Marks the rule that this program adds, so that a later run finds it. */
const MARK = "# Added by azure-provisioning";

/**
 * The rule that lets a user become root with sudo, without a password, because the
 * account has none.
 *
 * @param name A name that `checkUserName` accepts.
 * @returns The text of a sudoers(5) file.
 */
export function sudoersRule(name: string): string {
  // Without quotes, a name in capitals would be an alias, and ALL would be everybody.
  return `${MARK}\n"${name}" ALL=(ALL:ALL) NOPASSWD: ALL\n`;
}

/**
 * Whether sudo reads `/etc/sudoers.d`: the older form of the directive starts with `#`.
 *
 * @param sudoers The text of `/etc/sudoers`.
 */
export function includesSudoersFolder(sudoers: string): boolean {
  return /^[ \t]*[@#]includedir[ \t]+"?\/etc\/sudoers\.d\/?"?[ \t]*$/m
    .test(sudoers);
}

/**
 * Adds the rule that lets a user become root with doas, without a password. It goes to
 * the end, because the last matching rule wins.
 *
 * @param conf The text of doas.conf(5).
 * @param name A name that `checkUserName` accepts.
 * @returns The new text; the same text if the rule is present.
 */
export function withDoasRule(conf: string, name: string): string {
  const rule = `permit nopass "${name}" ${MARK}`;
  if (conf.split("\n").includes(rule)) return conf;
  const separator = conf === "" || conf.endsWith("\n") ? "" : "\n";
  return `${conf}${separator}${rule}\n`;
}
