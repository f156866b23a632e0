import { SELINUX_LABELLER } from "../../host/restore_labels.ts";
import {
  ACCOUNT_LEFTOVERS,
  ACCOUNT_PROGRAMS,
  ADMIN_RIGHTS_PATHS,
  FOLDER_PROGRAM,
  HOMES_DIRS,
  KEY_FOLDERS,
  NAME_SERVICE_PROGRAM,
  PASSWORD_PROGRAM,
  SIGNAL_PROGRAM,
  SSHD_PATHS,
  SUDOERS_CHECKER,
} from "./login_names.ts";

/** The programs that the part `user` runs. */
export const USER_PROGRAMS: readonly string[] = [
  ...ACCOUNT_PROGRAMS,
  NAME_SERVICE_PROGRAM,
  FOLDER_PROGRAM,
  SELINUX_LABELLER,
];

/** The paths that {@linkcode runAccountProgram} removes. */
const LEFTOVER_PATHS = ACCOUNT_LEFTOVERS.map((name) => `/etc/${name}`);

/** The paths that the part `user` writes or removes. */
export const USER_PATHS: readonly string[] = [
  ...HOMES_DIRS,
  ...LEFTOVER_PATHS,
];

/** The programs that the part `password` runs. */
export const PASSWORD_PROGRAMS: readonly string[] = [
  PASSWORD_PROGRAM,
  NAME_SERVICE_PROGRAM,
  FOLDER_PROGRAM,
  SELINUX_LABELLER,
  SIGNAL_PROGRAM,
];

/** The paths that the part `password` writes or removes. */
export const PASSWORD_PATHS: readonly string[] = [
  ...LEFTOVER_PATHS,
  ...SSHD_PATHS,
];

/** The programs that the part `sudo` runs. */
export const SUDO_PROGRAMS: readonly string[] = [
  SUDOERS_CHECKER,
  NAME_SERVICE_PROGRAM,
  FOLDER_PROGRAM,
  SELINUX_LABELLER,
];

/** The paths that the part `sudo` writes. */
export const SUDO_PATHS: readonly string[] = ADMIN_RIGHTS_PATHS;

/** The programs that the part `ssh-keys` runs. */
export const SSH_KEYS_PROGRAMS: readonly string[] = [
  NAME_SERVICE_PROGRAM,
  FOLDER_PROGRAM,
  SELINUX_LABELLER,
  SIGNAL_PROGRAM,
];

/** The paths that the part `ssh-keys` writes. */
export const SSH_KEYS_PATHS: readonly string[] = [
  ...HOMES_DIRS,
  ...KEY_FOLDERS,
  ...SSHD_PATHS,
];
