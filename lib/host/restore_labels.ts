import type { RunResult } from "./run_program.ts";

/** The program that labels files for SELinux. */
export const SELINUX_LABELLER = "restorecon";

/** Options of {@linkcode restoreLabels}. */
export interface RestoreLabelsOptions {
  /** Runs a program of the system, within the time that is left. */
  readonly run: (name: string, args: readonly string[]) => Promise<RunResult>;
  /** Where a warning goes. */
  readonly log: { readonly warn: (message: string) => void };
  /**
   * Whether to label what is in a folder as well.
   *
   * @default {false}
   */
  readonly recursive?: boolean;
}

/**
 * Labels files for SELinux as its policy says. A file that replaces another, and a folder
 * that was just created, have the label of the folder above, and services may then not
 * read them. Failure is only a warning; without {@linkcode SELINUX_LABELLER}, nothing
 * happens.
 *
 * @param paths Absolute paths; nothing happens if there are none.
 */
export async function restoreLabels(
  paths: readonly string[],
  { run, log, recursive = false }: RestoreLabelsOptions,
): Promise<void> {
  if (paths.length === 0) return;
  const result = await run(
    SELINUX_LABELLER,
    recursive ? ["-R", ...paths] : paths,
  );
  if (result.kind !== "failed") return;
  log.warn(
    `Cannot label ${
      paths.map((path) => `"${path}"`).join(" and ")
    } for SELinux: ${result.reason}`,
  );
}
