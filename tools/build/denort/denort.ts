/**
 * Chooses the base of a compiled program: `deno compile` appends the program to
 * a ready-made executable, denort, of the same version as itself.
 *
 * @module
 */

import {
  knownVersion,
  npmDenort,
  type NpmDenortOptions,
} from "./npm_denort.ts";

/** What {@linkcode findDenort} has to know. */
export interface FindDenortOptions extends NpmDenortOptions {
  /** The version of the Deno that compiles. */
  version: string;
  /** The folder where that Deno keeps its downloads. */
  denoDir: string;
  /** The site of the official downloads. */
  official: string;
}

/**
 * Finds the base to compile with: the official one if it can be had, else the
 * same from npm.
 *
 * @param options What to compile for, and where to look.
 * @returns The path of a denort from npm, or nothing if `deno compile` gets the official one by itself.
 * @throws {Error} If there is neither.
 */
export async function findDenort(
  options: FindDenortOptions,
): Promise<string | undefined> {
  if (await hasOfficial(options) || await canDownload(options)) return;
  const { version, target, official } = options;
  if (version === knownVersion) return await npmDenort(options);
  throw new Error(
    `Cannot download denort "${version}" from "${official}", and npm has only "${knownVersion}": ` +
      `use Deno "${knownVersion}", or set DENORT_BIN to a denort of "${version}" for "${target}"`,
  );
}

function officialPath({ version, target }: FindDenortOptions): string {
  return `release/v${version}/denort-${target}.zip`;
}

/** Whether Deno has downloaded the official denort before. */
async function hasOfficial(options: FindDenortOptions): Promise<boolean> {
  try {
    await Deno.stat(`${options.denoDir}/dl/${officialPath(options)}`);
    return true;
  } catch {
    return false;
  }
}

/** A network that drops what it forbids must not hold anybody up for long. */
async function canDownload(options: FindDenortOptions): Promise<boolean> {
  try {
    const url = `${options.official}/${officialPath(options)}`;
    const signal = AbortSignal.timeout(5000);
    const response = await fetch(url, { method: "HEAD", signal });
    return response.ok;
  } catch {
    return false;
  }
}
