/**
 * The programs that the parts about the admin user run, and the places that they write.
 * They are apart from the work, which only a VM with such a user loads.
 *
 * @module
 */

import { pathsToWrite } from "../../files/write_atomically.ts";

/** The programs that change accounts, of shadow and of busybox. */
export const ACCOUNT_PROGRAMS = [
  "useradd",
  "usermod",
  "groupadd",
  "adduser",
  "addgroup",
  "chpasswd",
] as const;

/**
 * The files that a program that changes accounts leaves in `/etc` if it is interrupted, for example by a
 * power cut, and that keep it from ever working again: new files that busybox writes
 * before they replace the old ones (`update_passwd` in its libbb), and locks of
 * shadow's, which may be empty, or name a process whose id is another process's by now
 * (`commonio_lock`).
 */
export const ACCOUNT_LEFTOVERS: readonly string[] = [
  "passwd+",
  "group+",
  "shadow+",
  "gshadow+",
  "passwd.lock",
  "group.lock",
  "shadow.lock",
  "gshadow.lock",
  "subuid.lock",
  "subgid.lock",
];

/** The program that asks every source of nsswitch.conf(5). */
export const NAME_SERVICE_PROGRAM = "getent";

/** The program that sets passwords. */
export const PASSWORD_PROGRAM = "chpasswd";

/**
 * The program that creates a folder of the system's, so that the compiled program need not
 * be allowed to write everything in it.
 */
export const FOLDER_PROGRAM = "mkdir";

/** The program that tells sshd to read its settings anew. */
export const SIGNAL_PROGRAM = "kill";

/** The folder of homes on most machines. */
export const DEFAULT_HOMES_DIR = "/home";

/**
 * The folders below which homes may be, because the compiled program may write nowhere
 * else. A link of root's may stand for each: see `checkHome`.
 */
export const HOMES_DIRS: readonly string[] = [
  DEFAULT_HOMES_DIR,
  "/var/home",
  "/usr/home",
  "/usr/local/home",
  "/export/home",
  "/data/home",
  "/users",
  "/srv",
];

/** The folders outside of homes in which the program may write keys, a file for each user. */
export const KEY_FOLDERS: readonly string[] = [
  "/etc/ssh/authorized_keys",
  "/etc/ssh/authorized_keys.d",
];

/** The folder whose files most distributions' sshd_config includes. */
export const SSHD_DROP_IN_FOLDER = "/etc/ssh/sshd_config.d";

/** The name of the program's own settings for sshd. It sorts before most others, because sshd uses the first value that it reads. */
export const SSHD_DROP_IN_NAME = "00-azure-provisioning.conf";

/** The paths of the program's own settings for sshd, which are written. */
export const SSHD_PATHS: readonly string[] = pathsToWrite([
  `${SSHD_DROP_IN_FOLDER}/${SSHD_DROP_IN_NAME}`,
]);

/** The program that checks the rule for sudo. */
export const SUDOERS_CHECKER = "visudo";

/** The rule's file in `/etc/sudoers.d`; sudo ignores names with a dot. */
export const SUDOERS_NAME = "90-azure-provisioning";

/** The paths of the admin user's rule, which are written. */
export const ADMIN_RIGHTS_PATHS: readonly string[] = pathsToWrite([
  `/etc/sudoers.d/${SUDOERS_NAME}`,
  "/etc/doas.conf",
]);

/** The path of the record of a home that is locked. */
export function lockedHomePath(stateDir: string): string {
  return `${stateDir}/locked-home.json`;
}
