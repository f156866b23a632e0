import { compile } from "../../tools/build/compile_module.ts";
import { permissionFlags } from "../../lib/permissions.ts";
import { target } from "../tools/_fixtures.ts";

/**
 * Compiles another program with the flags and permissions of ours.
 *
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
