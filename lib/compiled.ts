/**
 * Where the compiled program starts, in place of `main.ts`.
 *
 * V8 would read and compile all of the program's source at each start, which takes a
 * third as long as the whole start of an empty program. The compiled program holds the
 * code that V8 made of it when it was built, and V8 takes that, if it is the same V8
 * with the same flags; if not, it compiles the source.
 *
 * @module
 */

import { Script } from "node:vm";
import type { CodeCache, run } from "./cli/run.ts";

declare global {
  /** What the script leaves behind: the exports of `lib/cli/run.ts`. */
  var azureProvisioning: { readonly run: typeof run };
}

const folder = import.meta.dirname;
const cachedData = readCodeCache();
const script = new Script(Deno.readTextFileSync(`${folder}/program.txt`), {
  filename: import.meta.resolve("./program.txt"), // What it imports lies beside it.
  cachedData,
});
script.runInThisContext();
Deno.exit(await azureProvisioning.run(Deno.args, { codeCache: codeCache() }));

function codeCache(): CodeCache {
  if (cachedData === undefined) return "absent";
  return script.cachedDataRejected ? "rejected" : "taken";
}

/** A program that was built on a machine of another kind has none. */
function readCodeCache(): Uint8Array | undefined {
  try {
    return Deno.readFileSync(`${folder}/program.cache`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
