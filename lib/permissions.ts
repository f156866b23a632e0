/**
 * What the compiled program may do, derived from the parts' table. Anything else is
 * refused while it runs, whatever a flaw or the platform's answer makes of it.
 *
 * @module
 */

import { GREP } from "./host/grep.ts";
import { programFolders } from "./host/program_folders.ts";
import { PARTS } from "./parts/parts.ts";
import { HOST_PLUGIN_ADDRESS } from "./host/host_plugin_port.ts";
import { MEDIA_UNWANTED_PATH } from "./provision/await_media.ts";
import { BEGINNING_PATH } from "./state/beginning.ts";

/** One permission of the compiled program. */
export interface Permission {
  /** The flag of `deno compile` that gives it. */
  readonly flag: string;
  /** Why the program needs it. */
  readonly reason: string;
}

/** What is written whatever parts run. */
const PATHS = [
  "/var/lib/azure-provisioning",
  "/run/azure-provisioning/ovf-env.xml",
  MEDIA_UNWANTED_PATH,
  BEGINNING_PATH,
];

const paths = new Set([...PATHS, ...PARTS.flatMap(({ paths }) => paths)]);
const programs = new Set(PARTS.flatMap(({ programs }) => programs));

/** By absolute path: a bare name would mean reading PATH. Each path costs time at the start. */
const programPaths = [GREP, ...programs].flatMap((program) =>
  programFolders(program).map((folder) => `${folder}/${program}`)
);

/** All permissions of the compiled program. */
export const permissions: readonly Permission[] = [
  {
    flag:
      `--allow-net=168.63.129.16:80,${HOST_PLUGIN_ADDRESS},169.254.169.254:80,127.0.0.1`,
    reason:
      "WireServer and the instance metadata service; the loopback, to try the program out against a simulator, and the port of the host's plugin for guest agents, where that listens as well, and which every other command gives up first",
  },
  {
    flag: "--allow-read",
    reason:
      "goal-state reads any file that the caller names; the rest is the run-once mark, the record of the last run, the configuration file, /etc/hostname and /etc/hosts; for the admin user /etc/passwd, group, shadow, sudoers, doas.conf and the settings of sshd, and the user's authorized_keys; for the name in DNS the files of the DHCP clients, and their leases where WireServer is silent",
  },
  {
    flag: `--allow-write=${[...paths].join(",")}`,
    reason:
      "the run-once mark, the record of the last run, the VM's user data and custom data; the host name's files; homes, for authorized_keys; files that an interrupted account program left in /etc; passwords off in sshd; the admin user's rule for sudo or doas; the pool that tells the host how it went; the copy of what the provisioning media say, which is taken away, and the file that tells what looks for them that nobody waits any more; the file that tells systemd that the program has begun; files are written beside themselves first and then renamed",
  },
  {
    flag: `--allow-run=${programPaths.join(",")}`,
    reason:
      "the host name is set, and the admin user made, by the system's own programs; getent finds an account or a group that /etc does not have; mkdir creates a folder that is missing in /etc, or the one of homes; visudo checks a rule for sudo, kill has a running sshd read its settings anew, restorecon labels files for SELinux; the installed DHCP client announces the name; where nobody answers, grep looks whether the chassis has the tag of another platform, and reads the kernel's routes and network devices for the error, and whether a process is sshd, because Deno reads /proc and /sys only with all permissions",
  },
  {
    flag: "--allow-sys=hostname,statfs",
    reason:
      "after that, the kernel is asked whether it took the name; a home that is a file system of its own is asked whether an ordinary user can have mounted it",
  },
  {
    flag: "--allow-env=JOURNAL_STREAM",
    reason:
      "the log has priorities in front of its lines when the journal reads it; below a service manager the chassis is not looked at, and the file is left that says that the program has begun",
  },
];

/** The flags of {@linkcode permissions}. */
export const permissionFlags: readonly string[] = permissions.map(({ flag }) =>
  flag
);
