import { PROGRAM_FOLDERS } from "./run_program.ts";

/**
 * Revokes the permission to run programs for the rest of this process, so that no
 * later flaw can run them, whatever the platform answers.
 *
 * This works on permissions that name their programs, as the compiled program's do.
 * `--allow-run` without a list stays.
 *
 * @param names The programs' names, without folders.
 */
export function revokeRunPermissions(names: readonly string[]): void {
  for (const name of names) {
    for (const folder of PROGRAM_FOLDERS) {
      Deno.permissions.revokeSync({
        name: "run",
        command: `${folder}/${name}`,
      });
    }
  }
}
