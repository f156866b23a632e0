/**
 * Compiles our program, and the code that it holds for V8.
 *
 * @module
 */

import { type Bundle, bundle, HOST } from "./build/bundle.ts";
import { compile, WRONG_BASE } from "./build/compile_module.ts";
import { permissionFlags } from "../lib/permissions.ts";
import type { Target } from "./build/target.ts";

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
