/**
 * Runs Deno itself.
 *
 * @module
 */

/** Options of {@linkcode deno}. */
export interface DenoOptions {
  /** Variables to add to its environment. */
  readonly env?: Record<string, string>;
  /** The folder to run it in. */
  readonly cwd?: string;
}

/** Runs the Deno that runs this; it prints its errors itself. Returns whether it succeeded. */
export async function deno(
  args: readonly string[],
  options: DenoOptions = {},
): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    ...options,
    args: [...args],
  });
  return (await command.spawn().status).success;
}

/** Splits flags at blanks, as the shell would, but without quotes. */
export function words(flags: string): string[] {
  return flags.split(/\s+/).filter((flag) => flag !== "");
}
