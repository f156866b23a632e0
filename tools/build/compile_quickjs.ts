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

import { compile } from "./compile_module.ts";
import { bundleModules, esbuild } from "./bundle.ts";
import { permissionFlags } from "../../lib/permissions.ts";
import { ownTarget } from "./target.ts";

const OUTPUT = "dist/azure-provisioning-quickjs";

/** The first Deno that can. */
const LEAST_VERSION = [2, 9, 5] as const;

/**
 * Says why a Deno cannot compile with QuickJS.
 *
 * @param version Its version.
 * @param denortBin What `DENORT_BIN` is, if it is set.
 * @returns What is to be mended, or nothing.
 */
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
 * Makes one module of the program, in a JavaScript that QuickJS knows.
 *
 * @param folder The folder to put it in.
 * @returns Its path.
 * @throws {Error} If Deno or esbuild does not.
 */
export async function bundleForQuickjs(folder: string): Promise<string> {
  const modules = `${folder}/modules`;
  await bundleModules(modules, "main.ts");
  const module = `${await Deno.realPath(folder)}/main.js`;
  await esbuild(modules, [
    "main.js",
    "--bundle",
    "--external:node:*", // Deno has these itself.
    "--target=es2022", // Without `using`, which is younger.
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
  if (ownTarget === undefined) throw new Error(`No ${Deno.build.target}`);
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
