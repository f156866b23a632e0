/**
 * Looks for programs that a test needs.
 *
 * @param programs Their names.
 * @returns The first one that this machine does not have, or `undefined`.
 */
export function missingProgram(
  programs: readonly string[],
): string | undefined {
  return programs.find((program) =>
    !["/usr/bin", "/usr/sbin", "/bin", "/sbin"].some((folder) =>
      isFile(`${folder}/${program}`)
    )
  );
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
