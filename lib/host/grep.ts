/** The program that reads what Deno reads only with all permissions: `/proc` and `/sys`. */
export const GREP = "grep";

/** The folders of {@linkcode GREP}: no system has it in one for administration. */
export const GREP_FOLDERS: readonly string[] = [
  "/usr/bin",
  "/bin",
  "/run/current-system/sw/bin",
];
