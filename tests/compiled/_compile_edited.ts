import { type Bundle, bundle } from "../../tools/build/bundle.ts";
import {
  compileBundle,
  makeCodeCache,
} from "../../tools/build/compile_program.ts";
import { target } from "../tools/_fixtures.ts";

/** Options of {@linkcode compileEdited}. */
export interface Edits {
  /** Edits the bundled program in its folder. */
  readonly edit?: (bundled: Bundle) => Promise<void>;
  /** Changes the code cache; without it, the program has none. */
  readonly codeCache?: ((code: Uint8Array) => Uint8Array) | undefined;
}

/**
 * Compiles the program from an edited bundle.
 *
 * @param dir An empty folder.
 * @returns The path of the compiled program.
 */
export async function compileEdited(
  dir: string,
  { edit, codeCache }: Edits,
): Promise<string> {
  const output = `${dir}/azure-provisioning`;
  const bundled = await bundle(`${dir}/parts`);
  await edit?.(bundled);
  const { script, codeCache: path } = bundled;
  if (codeCache !== undefined && path !== undefined) {
    await makeCodeCache({ script, codeCache: path }, target);
    await Deno.writeFile(path, codeCache(await Deno.readFile(path)));
  }
  await compileBundle(bundled, target, output);
  return output;
}

/** Returns an {@linkcode Edits.edit} that changes the text of the script. */
export function editScript(
  change: (text: string) => string,
): NonNullable<Edits["edit"]> {
  return async ({ script }) => {
    await Deno.writeTextFile(script, change(await Deno.readTextFile(script)));
  };
}
