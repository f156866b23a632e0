/**
 * Starts the compiled program, in place of `main.ts`: it has V8 run the script, with the
 * code cache. It reads nothing by path, as a path can lead to the disk. "How the binary
 * is built" in `docs/architecture.md` tells the whole story.
 *
 * @module
 */

import { Script } from "node:vm";
import type { CodeCache } from "../../lib/cli/run.ts";
import { endWith } from "./last_words.ts";
import { SCRIPT } from "./names.ts";

// bundle.ts puts the imports of these in front of this module.
declare const source: string;
declare const codeCache: Uint8Array;

await endWith(start);

async function start(): Promise<number> {
  const hasCache = codeCache.length > 0; // A program for another processor has none.
  const script = new Script(source, {
    filename: import.meta.resolve(`/${SCRIPT}`), // Its imports are resolved against this.
    ...(hasCache ? { cachedData: codeCache } : {}),
  });
  const program: typeof import("../../lib/cli/run.ts") = script
    .runInThisContext();
  const taken: CodeCache = script.cachedDataRejected ? "rejected" : "taken";
  return await program.run(Deno.args, {
    codeCache: hasCache ? taken : "absent",
  });
}
