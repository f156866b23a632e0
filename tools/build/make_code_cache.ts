/**
 * Has V8 compile a script, and writes the code cache. It is compiled itself for that, as
 * V8 accepts a code cache only from the same V8 with the same flags.
 *
 * ```sh
 * make-code-cache SCRIPT CACHE
 * ```
 *
 * @module
 */

import { Script } from "node:vm";

const [script, cache] = Deno.args;
if (script === undefined || cache === undefined) {
  console.error("Usage: make-code-cache SCRIPT CACHE");
  Deno.exit(64);
}
const compiled = new Script(Deno.readTextFileSync(script));
Deno.writeFileSync(cache, compiled.createCachedData());
