/** What an image's builder may set for the parts, by options or in the configuration file. */
export interface PartSettings {
  /** `admin-groups`: groups that the admin user joins, those of them that exist. */
  readonly adminGroups: readonly string[];
  /** `admin-shell`: the admin user's shell; without it, the best one that exists. */
  readonly adminShell?: string;
  /** `admin-sudo`: whether the admin user becomes root without a password. */
  readonly adminSudo: boolean;
}

/**
 * The settings where nobody says otherwise.
 *
 * The groups are those of administrators on the usual distributions. With a locked
 * password they give nothing but the right to read logs, unless the image's own sudo
 * or polkit rules say more.
 */
export const DEFAULT_SETTINGS: PartSettings = {
  adminGroups: ["adm", "sudo", "wheel"],
  adminSudo: false,
};
