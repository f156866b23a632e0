/**
 * Starts the compiled program where it is one module, without a code cache.
 *
 * @module
 */

import { run } from "../../lib/cli/run.ts";
import { endWith } from "./last_words.ts";

await endWith(() => run(Deno.args));
