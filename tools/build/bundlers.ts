/**
 * Runs `deno bundle`, which finds packages and checks types, and esbuild, which can do
 * what `deno bundle` cannot: make a script, and minify without losing a `using`.
 *
 * @module
 */

import { deno, words } from "./deno.ts";

/** The version that `deno bundle` uses itself. */
const ESBUILD = "npm:esbuild@0.25.5";

/** Options of {@linkcode denoBundle}. */
export interface DenoBundleOptions {
  /** The modules to bundle, each into a file of its own. */
  readonly entries: readonly string[];
  /** Patterns of the imports that stay imports. */
  readonly external?: readonly string[];
  /** The folder for the results: of several entries, at the same paths as the sources. */
  readonly outdir: string;
  /** Whether what is imported with `import()` becomes a file of its own. */
  readonly splitting?: boolean;
}

/** Returns the command line of `deno bundle`; `flags` are the caller's, separated by blanks. */
export function denoBundleArguments(
  { entries, external = [], outdir, splitting = false }: DenoBundleOptions,
  flags: string,
): string[] {
  return [
    "bundle",
    ...words(flags),
    "--check",
    "--quiet",
    "--platform=deno",
    ...external.map((pattern) => `--external=${pattern}`),
    ...splitting ? ["--code-splitting"] : [],
    `--outdir=${outdir}`,
    ...entries,
  ];
}

/**
 * Runs `deno bundle`, with the flags in `DENO_FLAGS`.
 *
 * @throws {Error} If it fails; it has printed the reason.
 */
export async function denoBundle(options: DenoBundleOptions): Promise<void> {
  const flags = Deno.env.get("DENO_FLAGS") ?? "";
  if (await deno(denoBundleArguments(options, flags))) return;
  throw new Error(`Cannot bundle "${options.entries.join('", "')}": see above`);
}

/**
 * Returns the arguments that have Deno run esbuild. It shortens blanks and names, and
 * nothing else: minified syntax loses a `using` whose resource is used once, so the
 * resource is never closed.
 */
export function esbuildArguments(flags: readonly string[]): string[] {
  return [
    "run",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--allow-all",
    ESBUILD,
    ...flags,
    "--bundle",
    "--minify-whitespace",
    "--minify-identifiers",
    "--external:node:*",
    "--log-level=warning",
    "--log-override:empty-import-meta=error", // A script has no import.meta; esbuild would make it empty.
  ];
}

/**
 * Runs esbuild in the folder `cwd`.
 *
 * @throws {Error} If it fails; it has printed the reason.
 */
export async function esbuild(
  cwd: string,
  flags: readonly string[],
): Promise<void> {
  if (await deno(esbuildArguments(flags), { cwd })) return;
  throw new Error(`Cannot bundle with esbuild ${flags.join(" ")}: see above`);
}
