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
import { permissionFlags } from "../../lib/permissions.ts";
import { type Bundle, bundle, HOST } from "./bundle.ts";
import { compile, WRONG_BASE } from "./compile_module.ts";
import { sha256 } from "./denort/npm_denort.ts";
import { type Target, targets } from "./target.ts";

const NAME = "azure-provisioning";
const DIST = "dist";
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
  // Somebody may be installing what was compiled before.
  await Deno.writeTextFile(
    `${DIST}/SHA256SUMS.new`,
    await checksums(DIST, await compiledFiles()),
  );
  await Deno.rename(`${DIST}/SHA256SUMS.new`, `${DIST}/SHA256SUMS`);
  const { size } = await Deno.stat(output);
  console.error(`${output}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

/** A wrong base compiles without a word, and the result does not run. */
async function tryOut(output: string): Promise<void> {
  const { success, code, stdout } = await new Deno.Command(
    await Deno.realPath(output),
    {
      args: ["--version"],
      clearEnv: true,
      stdin: "null",
      stderr: "inherit",
    },
  ).output();
  await Deno.stdout.write(stdout);
  if (success && stdout.length > 0) return;
  throw new Error(
    `Cannot use "${output}", with --version it exits with "${code}" and prints "${stdout.length}" bytes: ` +
      `mend "tools/build/start.ts", or ${WRONG_BASE}`,
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
    const bundled = await bundle(parts);
    await makeCodeCache(bundled, target);
    await compileBundle(bundled, target, output);
  } finally {
    await Deno.remove(parts, { recursive: true }).catch(() => {});
  }
}

/**
 * Puts the bundled program into one file.
 *
 * @param bundled The program's modules.
 * @param target What to compile for.
 * @param output The path of the result.
 * @throws {Error} If Deno does not.
 */
export async function compileBundle(
  { entry, apart, config }: Bundle,
  target: Target,
  output: string,
): Promise<void> {
  await compile({
    target,
    output,
    entry,
    include: apart,
    config,
    permissions: [...permissionFlags, `--allow-import=${HOST}`],
  });
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
 * Has the V8 that the program will have compile its script.
 *
 * @param files The paths of the script and of the compiled code to write. The code is
 * empty if what is compiled for the target does not run here.
 * @param target What the program is compiled for.
 * @throws {Error} If what is compiled for this machine does not run here.
 */
export async function makeCodeCache(
  { script, codeCache }: Pick<Bundle, "script" | "codeCache">,
  target: Target,
): Promise<void> {
  const maker = await Deno.realPath(script) + ".maker";
  await compile({
    target,
    output: maker,
    entry: "tools/build/make_code_cache.ts",
    permissions: [`--allow-read=${script}`, `--allow-write=${codeCache}`],
  });
  const problem = await problemOf(maker, [script, codeCache]);
  await Deno.remove(maker);
  if (problem === undefined) return;
  if (target === Deno.build.target) {
    throw new Error(
      `Cannot compile the code of "${script}": ${problem}; ${WRONG_BASE}`,
    );
  }
  await Deno.writeTextFile(codeCache, "");
  console.error(
    `What is compiled for "${target}" does not run here, so the program holds no compiled code, and starts slower: compile it on such a machine`,
  );
}

/** Runs what makes the code, and says why there is none. */
async function problemOf(
  maker: string,
  [script, codeCache]: [script: string, codeCache: string],
): Promise<string | undefined> {
  try {
    const { code } = await new Deno.Command(maker, {
      args: [script, codeCache],
      // Its modules are files, which the runtime looks for below TMPDIR.
      clearEnv: true,
    }).spawn().status;
    if (code !== 0) return `"${maker}" exits with "${code}"`;
    const { size } = await Deno.stat(codeCache);
    return size > 0 ? undefined : `"${maker}" writes nothing`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
