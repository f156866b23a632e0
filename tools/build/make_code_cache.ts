/**
 * Has V8 compile a script, and writes what comes of it. It is compiled for this itself,
 * as the program will take only what the same V8 made with the same flags.
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
