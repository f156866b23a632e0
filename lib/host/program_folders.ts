/** The folders of programs; fixed, so that no `PATH` decides what root runs. */
export const PROGRAM_FOLDERS: readonly string[] = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/** Programs of every user, which no system has in a folder for administration. */
const ORDINARY: ReadonlySet<string> = new Set([
  "getent",
  "grep",
  "hostname",
  "hostnamectl",
  "kill",
  "mkdir",
  "nmcli",
  "systemctl",
  "systemd-run",
]);

const ORDINARY_FOLDERS = PROGRAM_FOLDERS.filter((it) => !it.endsWith("/sbin"));

/**
 * Returns the folders that can hold a program, in the order to look in. The fewer the
 * better: the compiled program may run each of these paths, and resolves them all when it
 * starts. A program for administration can be in any folder, as some systems have merged
 * theirs.
 *
 * @param name The program's name, without a folder.
 */
export function programFolders(name: string): readonly string[] {
  return ORDINARY.has(name) ? ORDINARY_FOLDERS : PROGRAM_FOLDERS;
}
