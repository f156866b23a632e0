/**
 * Bundles the program's modules into a few files: one script, the modules that it loads
 * lazily, and the module that starts it.
 *
 * `deno compile` gives a local file a path below `$TMPDIR` in the compiled program, and
 * the runtime reads the real disk wherever it does not recognise that path: whoever sets
 * TMPDIR could run other code in the program's place. A remote module keeps its URL, and
 * comes out of the executable or from nowhere. So everything here has a URL, of a host
 * that cannot exist (RFC 6761), and Deno finds it in a `vendor` folder.
 *
 * @module
 */

import { deno, words } from "./deno.ts";

/** The module whose exports the script leaves behind, in a variable of that name. */
const PROGRAM = { entry: "lib/cli/run.ts", variable: "azureProvisioning" };

/** The module that starts the compiled program, and runs the script. */
const START = "tools/build/start.ts";

/** What a first boot never loads, and what shares no state with what it loads. */
const APART = ["lib/simulator/mod.ts", "lib/cli/versions.ts"];

/** What `deno bundle` uses itself. */
const ESBUILD = "npm:esbuild@0.25.5";

/** The host in the modules' URLs. */
export const HOST = "azure-provisioning.invalid";

/** The script. Deno finds a remote file without a manifest only if its name ends like a module's. */
const SCRIPT = "program.js";

/** What V8 made of the script. */
const CODE_CACHE = "code_cache.js";

/** Gives {@linkcode START} its two constants; in the sources, no such files exist to import. */
const HELD =
  `import source from"./${SCRIPT}" with {type: "text"};import codeCache from"./${CODE_CACHE}" with {type: "bytes"};`;

/** What {@linkcode bundle} made. */
export interface Bundle {
  /** The path of the configuration that Deno finds the modules with. */
  readonly config: string;
  /** The URL of the program's first module. */
  readonly entry: string;
  /** The URLs of the modules that the script imports. */
  readonly apart: readonly string[];
  /** The path of the script. */
  readonly script: string;
  /** The path of the compiled code that V8 made of the script: empty until it is written. */
  readonly codeCache: string;
  /** The folder of all modules. */
  readonly folder: string;
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
    "run",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--allow-all",
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
  const apart = await nameApart(modules);
  const to = `${folder}/vendor/${HOST}`;
  await Deno.mkdir(to, { recursive: true });
  const outdir = await Deno.realPath(to);
  await esbuild(modules, [
    baseName(PROGRAM.entry) + ".js",
    "--bundle",
    "--format=iife",
    `--global-name=${PROGRAM.variable}`,
    '--banner:js="use strict";',
    "--external:node:*",
    ...apart.map((name) => `--external:./${name}`),
    `--outfile=${outdir}/${SCRIPT}`,
  ]);
  await esbuild(modules, [
    ...apart,
    "--bundle",
    "--format=esm",
    `--outdir=${outdir}`,
  ]);
  await esbuild(".", [
    START,
    "--bundle",
    "--format=esm",
    `--banner:js=${HELD}`,
    "--external:node:*",
    `--outdir=${outdir}`,
  ]);
  await Deno.remove(modules, { recursive: true });
  await Deno.writeTextFile(`${to}/${CODE_CACHE}`, "");
  const config = `${folder}/deno.json`;
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  await Deno.writeTextFile(
    config,
    JSON.stringify({ vendor: true, unstable: ["raw-imports"], imports }),
  );
  const url = (name: string) => `https://${HOST}/${name}`;
  return {
    config,
    entry: url(`${baseName(START)}.js`),
    apart: apart.map(url),
    script: `${to}/${SCRIPT}`,
    codeCache: `${to}/${CODE_CACHE}`,
    folder: to,
  };
}

/**
 * Renames what is loaded lazily: `deno bundle` puts a hash with capital letters into the
 * names, and Deno looks for a remote module of such a name under yet another one.
 */
async function nameApart(modules: string): Promise<string[]> {
  const names = await namesIn(modules);
  const renamed = APART.map((source) => ({
    from: chunkOf(source, names),
    to: `${baseName(source)}.js`,
  }));
  for (const { from, to } of renamed) {
    await Deno.rename(`${modules}/${from}`, `${modules}/${to}`);
  }
  for (const name of await namesIn(modules)) {
    const path = `${modules}/${name}`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      renamed.reduce((text, { from, to }) => text.replaceAll(from, to), text),
    );
  }
  return renamed.map(({ to }) => to);
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
