/**
 * Makes few files of the program's modules: one script, and those modules that are
 * loaded apart.
 *
 * @module
 */

import { deno, words } from "./deno.ts";

/** The module whose exports the script leaves behind, in a variable of that name. */
const PROGRAM = { entry: "lib/cli/run.ts", variable: "azureProvisioning" };

/** The module that starts the compiled program, and runs the script. */
const START = "lib/compiled.ts";

/** What a first boot never loads, and what shares no state with what it loads. */
const APART = ["lib/simulator/mod.ts", "lib/cli/versions.ts"];

/** What `deno bundle` uses itself. */
const ESBUILD = "npm:esbuild@0.25.5";

/** The script's name: no module, as Deno would read it as one. */
export const SCRIPT = "program.txt";

/** What {@linkcode bundle} made. */
export interface Bundle {
  /** The path of the program's first module. */
  readonly entry: string;
  /** The path of the script that it runs. */
  readonly script: string;
  /** The paths of the modules that the script imports. */
  readonly apart: readonly string[];
}

/**
 * Puts the command line of `deno bundle` together: it knows where the packages are, and
 * checks the types.
 *
 * @param folder Where to put the modules; what is loaded lazily has files of its own.
 * @param flags Flags of the caller, separated by blanks.
 * @param entry The first module.
 * @returns The arguments.
 */
export function bundleArguments(
  folder: string,
  flags: string,
  entry: string,
): string[] {
  return [
    "bundle",
    ...words(flags),
    "--check",
    "--quiet",
    "--platform=deno",
    "--code-splitting",
    `--outdir=${folder}`,
    entry,
  ];
}

/**
 * Puts the command line of esbuild together. It makes blanks and names shorter, and
 * nothing else: `deno bundle --minify` rewrites statements, too, and drops a `using`
 * whose resource is used once, so that what it holds is never closed.
 *
 * @param flags What to do beside that.
 * @returns The arguments of Deno.
 */
export function esbuildArguments(flags: readonly string[]): string[] {
  return [
    ...["run", "--quiet", "--no-config", "--no-lock", "--allow-all"],
    ESBUILD,
    ...flags,
    "--minify-whitespace",
    "--minify-identifiers",
    "--log-level=warning",
    "--log-override:empty-import-meta=error", // In a script it would be undefined, and nobody told.
  ];
}

/**
 * Bundles the program: what comes of the same sources has the same bytes.
 *
 * The flags in `DENO_FLAGS` go to `deno bundle`.
 *
 * @param folder The folder to put everything in.
 * @returns What is there.
 * @throws {Error} If Deno or esbuild does not.
 */
export async function bundle(folder: string): Promise<Bundle> {
  const modules = `${folder}/modules`;
  await bundleModules(modules, PROGRAM.entry);
  const names = await namesIn(modules);
  const apart = APART.map((source) => chunkOf(source, names));
  const to = await Deno.realPath(folder);
  await esbuild(modules, [
    baseName(PROGRAM.entry) + ".js",
    "--bundle",
    "--format=iife",
    `--global-name=${PROGRAM.variable}`,
    '--banner:js="use strict";',
    "--external:node:*",
    ...apart.map((name) => `--external:./${name}`),
    `--outfile=${to}/${SCRIPT}`,
  ]);
  await esbuild(modules, [
    ...apart,
    "--bundle",
    "--format=esm",
    `--outdir=${to}`,
  ]);
  await esbuild(".", [START, `--outdir=${to}`]);
  await Deno.remove(modules, { recursive: true });
  // The times are compiled in.
  for (const name of await namesIn(folder)) {
    await Deno.utime(`${folder}/${name}`, 0, 0);
  }
  return {
    entry: `${folder}/${baseName(START)}.js`,
    script: `${folder}/${SCRIPT}`,
    apart: apart.map((name) => `${folder}/${name}`),
  };
}

/**
 * Runs `deno bundle`; see {@linkcode bundleArguments}.
 *
 * @param folder Where to put the modules.
 * @param entry The first module.
 * @throws {Error} If Deno does not.
 */
export async function bundleModules(
  folder: string,
  entry: string,
): Promise<void> {
  const flags = Deno.env.get("DENO_FLAGS") ?? "";
  if (await deno(bundleArguments(folder, flags, entry))) return;
  throw new Error(`Cannot bundle "${entry}": see above`);
}

/**
 * Runs esbuild; see {@linkcode esbuildArguments}.
 *
 * @param cwd The folder that it runs in.
 * @param flags What it is to do.
 * @throws {Error} If it does not.
 */
export async function esbuild(
  cwd: string,
  flags: readonly string[],
): Promise<void> {
  if (await deno(esbuildArguments(flags), { cwd })) return;
  throw new Error(`Cannot bundle with esbuild ${flags.join(" ")}: see above`);
}

/** `deno bundle` puts a hash behind the name of what is loaded lazily. */
function chunkOf(source: string, names: readonly string[]): string {
  const start = `${baseName(source)}-`;
  const found = names.filter((name) => name.startsWith(start));
  const [chunk] = found;
  if (chunk !== undefined && found.length === 1) return chunk;
  throw new Error(
    `Cannot tell which file is "${source}", of "${
      found.join('", "')
    }": import it lazily, and no other of its name`,
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ts$/, "");
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}
