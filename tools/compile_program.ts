/**
 * Compiles our program, and the code that it holds for V8.
 *
 * @module
 */

import { bundle } from "./bundle.ts";
import { compile, WRONG_BASE } from "./compile_module.ts";
import { permissionFlags } from "./permissions.ts";
import type { Target } from "./target.ts";

/** The name of what V8 made of the script; `lib/compiled.ts` reads it. */
const CODE_CACHE = "program.cache";

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
    const { entry, script, apart } = await bundle(parts);
    const cache = await makeCodeCache(script, target);
    await compile({
      target,
      output,
      entry,
      include: [script, ...apart, ...cache],
      permissions: permissionFlags,
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
