import { PROGRAM_FOLDERS } from "./run_program.ts";

/**
 * Gives up the permission to run programs, for as long as this process lives: nothing
 * that comes later has them run, whatever a flaw makes of the platform's answers.
 *
 * It works on permissions that name their programs, as those of the compiled program
 * do; one to run everything stays.
 *
 * @param names The programs' names.
 */
export function giveUpPrograms(names: readonly string[]): void {
  for (const name of names) {
    for (const folder of PROGRAM_FOLDERS) {
      Deno.permissions.revokeSync({
        name: "run",
        command: `${folder}/${name}`,
      });
    }
  }
}
