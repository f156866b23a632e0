import { compile } from "../../tools/build/compile_module.ts";
import { permissionFlags } from "../../lib/permissions.ts";
import { target } from "../tools/_fixtures.ts";

/**
 * Compiles other sources as if they were the program's: with the flags and permissions
 * that the program is compiled with, whatever they are.
 *
 * @param source The first module.
 * @param dir An empty folder.
 * @returns The path of the compiled program.
 */
export async function compileInItsPlace(
  source: URL,
  dir: string,
): Promise<string> {
  const output = `${dir}/azure-provisioning`;
  await compile({
    target,
    output,
    entry: source.pathname,
    permissions: permissionFlags,
  });
  return output;
}
