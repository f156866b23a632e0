/**
 * Builds the program: bundles it, has V8 make the code cache, and puts both into one
 * file. "How the binary is built" in `docs/architecture.md` tells the whole story.
 *
 * @module
 */

import { permissionFlags } from "../../lib/permissions.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { compile, WRONG_BASE } from "./compile_module.ts";
import { HOST } from "./names.ts";
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
  await removeLeftovers(parts);
  try {
    const bundled = await bundle(parts);
    await makeCodeCache(bundled, target);
    await compileBundle(bundled, target, output);
  } finally {
    await Deno.remove(parts, { recursive: true }).catch(() => {});
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
 * @throws {Error} If Deno fails.
 */
export async function compileBundle(
  { entry, apart, config }: Pick<Bundle, "entry" | "apart" | "config">,
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

/**
 * Has the V8 of the compiled program make the code cache of its script. If programs for
 * the target do not run here, the code cache is empty.
 *
 * @param files The paths of the script, which is read, and of the code cache, which is written.
 * @throws {Error} If a program for this machine does not run here.
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
    return error instanceof Error ? error.message : String(error);
  }
}
