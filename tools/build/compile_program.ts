/**
 * Builds the program: bundles it, has V8 make the code cache, and puts both into one
 * file. "How the binary is built" in `docs/architecture.md` tells the whole story.
 *
 * @module
 */

import { permissionFlags } from "../../lib/permissions.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { compile, findBase, WRONG_BASE } from "./compile_module.ts";
import { withoutAppended } from "./denort/archive.ts";
import { withoutUnwindTables } from "./denort/unwind_tables.ts";
import { HOST } from "./names.ts";
import { RUNTIME } from "./runtime.ts";
import type { Target } from "./target.ts";

/**
 * Compiles the program.
 *
 * @param output The path of the result; its parts are in a folder beside it meanwhile.
 * @throws {Error} If Deno or esbuild fails.
 */
export async function compileProgram(
  target: Target,
  output: string,
): Promise<void> {
  const parts = `${output}.parts`;
  const program = `${parts}/program`;
  await removeLeftovers(parts);
  try {
    await compileParts(parts, target, program);
    // Somebody may be starting what was compiled before, which Deno would remove first.
    await Deno.rename(program, output);
  } finally {
    await Deno.remove(parts, { recursive: true }).catch(() => {});
  }
}

async function compileParts(
  parts: string,
  target: Target,
  program: string,
): Promise<void> {
  const bundled = await bundle(parts);
  const { script, codeCache } = bundled;
  if (codeCache !== undefined) {
    await makeCodeCache({ script, codeCache }, target);
  }
  if (!RUNTIME.unwindTables) {
    await compileBundle(bundled, target, program);
    return;
  }
  let base = await findBase(target);
  if (base === undefined) {
    // Only Deno knows where the official one is: it puts it into what it compiles.
    await compileBundle(bundled, target, program);
    base = program;
  }
  const lighter = await lighterBase(base, parts);
  if (lighter === undefined && base === program) return;
  await compileBundle(bundled, target, program, lighter);
}

/**
 * Makes a smaller base executable of one, or of the one in a compiled program. Says so if
 * that is not possible, as nothing depends on it.
 *
 * @param base The path of the base or program.
 * @param folder Where to put the result.
 */
async function lighterBase(
  base: string,
  folder: string,
): Promise<string | undefined> {
  const [whole, light] = [`${folder}/base`, `${folder}/base.light`];
  try {
    await Deno.writeFile(whole, withoutAppended(await Deno.readFile(base)));
    await withoutUnwindTables(whole, light);
    return light;
  } catch (error) {
    console.error(
      `The binary keeps its unwind tables, 7 MB that nothing uses: ${
        messageOf(error)
      }`,
    );
    return undefined;
  }
}

/** What an interrupted run left would be bundled as if it were ours. */
async function removeLeftovers(parts: string): Promise<void> {
  try {
    await Deno.remove(parts, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Puts the bundled program into one file, at `output`.
 *
 * @param base The base executable, if it is not the one that belongs to this Deno.
 * @throws {Error} If Deno fails.
 */
export async function compileBundle(
  { entry, apart, config }: Pick<Bundle, "entry" | "apart" | "config">,
  target: Target,
  output: string,
  base?: string,
): Promise<void> {
  await compile({
    target,
    output,
    base,
    entry,
    include: apart,
    config,
    permissions: [...permissionFlags, `--allow-import=${HOST}`],
  });
}

/** Paths for {@linkcode makeCodeCache}. */
export interface CodeCacheFiles {
  /** The script, which is read. */
  readonly script: string;
  /** The code cache, which is written. */
  readonly codeCache: string;
}

/**
 * Has the V8 of the compiled program make the code cache of its script. If programs for
 * the target do not run here, the code cache is empty.
 *
 * @throws {Error} If a program for this machine does not run here.
 */
export async function makeCodeCache(
  { script, codeCache }: CodeCacheFiles,
  target: Target,
): Promise<void> {
  const maker = await Deno.realPath(script) + ".maker";
  await compile({
    target,
    output: maker,
    entry: "tools/build/make_code_cache.ts",
    permissions: [`--allow-read=${script}`, `--allow-write=${codeCache}`],
  });
  const problem = await runMaker(maker, script, codeCache);
  await Deno.remove(maker);
  if (problem === undefined) return;
  if (target === Deno.build.target) {
    throw new Error(
      `Cannot make the code cache of "${script}": ${problem}; ${WRONG_BASE}`,
    );
  }
  await Deno.writeTextFile(codeCache, "");
  console.error(
    `Programs for "${target}" do not run here, so this one has no code cache and starts more slowly; compile it on such a machine to give it one`,
  );
}

/** Returns why there is no code cache, or nothing if there is one. */
async function runMaker(
  maker: string,
  script: string,
  codeCache: string,
): Promise<string | undefined> {
  try {
    const { code } = await new Deno.Command(maker, {
      args: [script, codeCache],
      clearEnv: true, // Its modules are files, which the runtime looks for below TMPDIR.
    }).spawn().status;
    if (code !== 0) return `"${maker}" exits with "${code}"`;
    const { size } = await Deno.stat(codeCache);
    return size > 0 ? undefined : `"${maker}" writes nothing`;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
