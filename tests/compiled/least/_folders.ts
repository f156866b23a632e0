/** The folders that may hold programs. */
export const FOLDERS = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/** Those for programs that are not root's alone. */
export const ORDINARY_FOLDERS = FOLDERS.filter((it) => !it.includes("sbin"));
