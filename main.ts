/**
 * Reports an Azure Linux VM ready at its first boot.
 *
 * @module
 */

import { run } from "./lib/cli/run.ts";

if (import.meta.main) Deno.exit(await run(Deno.args));
