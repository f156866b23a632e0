import { checkLines } from "../_check.ts";
import type { Shell } from "../_shells.ts";
import type { Files } from "../_tree.ts";

/** The checks of parts, by name. */
export const PARTS: readonly string[] = [
  "user",
  "homes",
  "password",
  "sudo",
  "ssh_keys",
  "login",
  "dns",
  "media",
  "telemetry",
];

/**
 * Makes a tree, and checks it.
 *
 * @param files What it has beside an `/etc`.
 * @returns What is said of each part, as `STATUS: MESSAGE`, by its check's name.
 */
export async function saidOfParts(
  shell: Shell,
  root: string,
  files: Files,
): Promise<Record<string, string>> {
  const lines = await checkLines(shell, root, files);
  return Object.fromEntries(
    Object.entries(lines).flatMap(([check, line]) =>
      PARTS.includes(check) ? [[check, line.replace(` ${check}: `, ": ")]] : []
    ),
  );
}

/** Takes the remedy away from what is said. */
export function withoutRemedy(message: string | undefined): string | undefined {
  return message?.replace(/; remedy: .*$/, "");
}
