/** Marks the rule that this program adds, so that a later run finds it. */
const MARK = "# Added by azure-provisioning";

/** Whether a rule asks for the user's password. */
interface RuleOptions {
  readonly password: boolean;
}

/**
 * The rule that lets a user become root with sudo. Even with a password it is needed: not
 * every image has one for the groups of administrators.
 *
 * @param name A name that `checkUserName` accepts.
 * @returns The text of a sudoers(5) file.
 */
export function sudoersRule(name: string, { password }: RuleOptions): string {
  // Without quotes, a name in capitals would be an alias, and ALL would be everybody.
  return `${MARK}\n"${name}" ALL=(ALL:ALL) ${
    password ? "" : "NOPASSWD: "
  }ALL\n`;
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

/** A rule of this program's, for any user. */
const DOAS_RULE = /^permit (?:nopass )?"[^" ]+" # Added by azure-provisioning$/;

/**
 * Adds the rule that lets a user become root with doas. It goes to the end, because the
 * last matching rule wins. One that was for the admin user of another VM goes.
 *
 * @param conf The text of doas.conf(5).
 * @param name A name that `checkUserName` accepts.
 * @returns The new text; the same text if the rule is present.
 */
export function withDoasRule(
  conf: string,
  name: string,
  { password }: RuleOptions,
): string {
  const rule = `permit ${password ? "" : "nopass "}"${name}" ${MARK}`;
  const lines = conf.split("\n");
  const others = lines.filter((line) => line === rule || !DOAS_RULE.test(line));
  if (others.includes(rule)) return others.join("\n");
  const kept = others.join("\n");
  const separator = kept === "" || kept.endsWith("\n") ? "" : "\n";
  return `${kept}${separator}${rule}\n`;
}
