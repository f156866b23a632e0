import { programFolders } from "./program_folders.ts";

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
    for (const folder of programFolders(name)) {
      Deno.permissions.revokeSync({
        name: "run",
        command: `${folder}/${name}`,
      });
    }
  }
}
