/**
 * Compiles the program with QuickJS in place of V8, to try it out and to measure it.
 * `deno compile` promises 26 MB in place of 66 for that, and fewer security updates.
 *
 * ```sh
 * deno task compile:quickjs
 * AZURE_PROVISIONING_BINARY=dist/azure-provisioning-quickjs deno task bench
 * ```
 *
 * @module
 */

import { permissionFlags } from "../../lib/permissions.ts";
import { denoBundle, esbuild } from "./bundlers.ts";
import { compile } from "./compile_module.ts";
import { ownTarget } from "./target.ts";

const OUTPUT = "dist/azure-provisioning-quickjs";

/** The first Deno with QuickJS. */
const LEAST_VERSION = [2, 9, 5] as const;

/** Returns why the Deno of that version cannot compile with QuickJS, or nothing if it can. */
export function quickjsObstacle(
  version: string,
  denortBin: string | undefined,
): string | undefined {
  if (denortBin) {
    return "Cannot compile with QuickJS while DENORT_BIN is set, as Deno would take that base: unset it";
  }
  const parts = version.split(".").map(Number);
  const at = LEAST_VERSION.findIndex((least, index) => parts[index] !== least);
  if (at < 0 || parts[at]! > LEAST_VERSION[at]!) return undefined;
  return `Cannot compile with QuickJS with Deno "${version}": put Deno "${
    LEAST_VERSION.join(".")
  }" or later on PATH`;
}

/**
 * Makes one module of the program, in the JavaScript that QuickJS knows.
 *
 * @param folder The folder for the module.
 * @returns The module's path.
 * @throws {Error} If Deno or esbuild fails.
 */
export async function bundleForQuickjs(folder: string): Promise<string> {
  const modules = `${folder}/modules`;
  await denoBundle({ entries: ["main.ts"], outdir: modules });
  const module = `${await Deno.realPath(folder)}/main.js`;
  await esbuild(modules, [
    "main.js",
    "--target=es2022", // The last one without `using`.
    "--format=esm",
    `--outfile=${module}`,
  ]);
  return module;
}

async function main(): Promise<void> {
  const obstacle = quickjsObstacle(
    Deno.version.deno,
    Deno.env.get("DENORT_BIN"),
  );
  if (obstacle !== undefined) throw new Error(obstacle);
  if (ownTarget === undefined) {
    throw new Error(
      `Cannot compile for "${Deno.build.target}": the program does not run on it`,
    );
  }
  const parts = `${OUTPUT}.parts`;
  try {
    await compile({
      target: ownTarget,
      output: OUTPUT,
      entry: await bundleForQuickjs(parts),
      permissions: permissionFlags,
      engine: "quickjs",
    });
  } finally {
    await Deno.remove(parts, { recursive: true }).catch(() => {});
  }
  const { size } = await Deno.stat(OUTPUT);
  console.error(`${OUTPUT}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
