/**
 * Runs Deno itself.
 *
 * @module
 */

/** Options of {@linkcode deno}. */
export interface DenoOptions {
  /** More for its environment. */
  readonly env?: Record<string, string>;
  /** The folder that it runs in. */
  readonly cwd?: string;
}

/**
 * Runs the Deno that runs this, which says itself what goes wrong.
 *
 * @param args Its arguments.
 * @param options Where, and with what environment.
 * @returns Whether it ended well.
 */
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

/**
 * Splits flags as the shell would, but for quotes.
 *
 * @param flags Flags, separated by blanks.
 * @returns Each of them.
 */
export function words(flags: string): string[] {
  return flags.split(/\s+/).filter((flag) => flag !== "");
}
