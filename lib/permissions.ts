/**
 * What the compiled program may do. Anything else is refused while it runs,
 * whatever a bug or the platform's answer asks of it.
 *
 * @module
 */

import { DNS_PROGRAMS } from "./parts/dns/dns_needs.ts";
import { ACCOUNT_LEFTOVERS } from "./parts/login/run_account_program.ts";

/** One permission of the compiled program. */
export interface Permission {
  /** The flag of `deno compile` that gives it. */
  readonly flag: string;
  /** Why the program needs it. */
  readonly reason: string;
}

const SYSTEM_FOLDERS = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/** Where a program is that is none for administration; each path that is permitted costs time at the start. */
const USERS_FOLDERS = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];

/** The program is found by its absolute path: a name alone would mean reading PATH. */
function inSystemFolders(...programs: string[]): string {
  return programs.flatMap((program) =>
    SYSTEM_FOLDERS.map((folder) => `${folder}/${program}`)
  ).join(",");
}

/** All permissions of the compiled program. */
export const permissions: readonly Permission[] = [
  {
    flag: "--allow-net=168.63.129.16:80,169.254.169.254:80,127.0.0.1",
    reason:
      "WireServer and the instance metadata service; the loopback, to try the program out against a simulator",
  },
  {
    flag: "--allow-read",
    reason:
      "goal-state reads any file that the caller names; the rest is the run-once mark, the record of the last run, the configuration file, /etc/hostname and /etc/hosts; for the admin user /etc/passwd, group, shadow, sudoers, doas.conf and the settings of sshd, and the user's authorized_keys; for the name in DNS the files of the DHCP clients, and their leases where WireServer is silent",
  },
  {
    flag: "--allow-write=" + [
      "/var/lib/azure-provisioning",
      "/etc/hostname",
      "/etc/.hostname.azure-provisioning",
      "/etc/hosts",
      "/etc/.hosts.azure-provisioning",
      "/home",
      ...ACCOUNT_LEFTOVERS.map((name) => `/etc/${name}`),
      "/etc/ssh/sshd_config.d/00-azure-provisioning.conf",
      "/etc/ssh/sshd_config.d/.00-azure-provisioning.conf.azure-provisioning",
      "/etc/sudoers.d/90-azure-provisioning",
      "/etc/sudoers.d/.90-azure-provisioning.azure-provisioning",
      "/etc/doas.conf",
      "/etc/.doas.conf.azure-provisioning",
      "/var/lib/hyperv/.kvp_pool_1",
      "/run/azure-provisioning/ovf-env.xml",
    ].join(","),
    reason:
      "the run-once mark, the record of the last run, the VM's user data and custom data; the host name's files; homes, for authorized_keys; what a program that was cut off left beside the accounts; passwords off in sshd; the admin user's rule for sudo or doas; the pool that tells the host how it went; the copy of what the provisioning media say, which is taken away; files are written beside themselves first and then renamed",
  },
  {
    flag: `--allow-run=${
      USERS_FOLDERS.map((folder) => `${folder}/grep,`).join("")
    }${
      inSystemFolders(
        "hostnamectl",
        "hostname",
        "useradd",
        "usermod",
        "adduser",
        "addgroup",
        "chpasswd",
        "visudo",
        "restorecon",
        ...DNS_PROGRAMS,
      )
    }`,
    reason:
      "the host name is set, and the admin user made, by the system's own programs; visudo checks a rule for sudo, restorecon labels authorized_keys for SELinux; the DHCP client that is there tells the server the name; grep looks whether the chassis has the tag of another platform, where nobody answers, as no permission but all of them reads /sys",
  },
  {
    flag: "--allow-sys=hostname",
    reason: "after that, the kernel is asked whether it took the name",
  },
  {
    flag: "--allow-env=JOURNAL_STREAM",
    reason:
      "the log has priorities in front of its lines when the journal reads it; below a service manager the chassis is not looked at",
  },
];

/** The flags of {@linkcode permissions}. */
export const permissionFlags: readonly string[] = permissions.map(({ flag }) =>
  flag
);
