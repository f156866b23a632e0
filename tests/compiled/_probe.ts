/**
 * Compiled in the program's place, with the program's flags, this makes the attempt that
 * its argument names, or all of them.
 *
 * @module
 */

import { giveUpHostPlugin } from "../../lib/host/host_plugin_port.ts";
import { type Attempt, KINDS, MORE_FOR_A_WORKER } from "./attempts/mod.ts";

if (import.meta.main) {
  // As every command but `simulate` does.
  giveUpHostPlugin();
  const [wanted] = Deno.args;
  if (wanted === undefined) await tryOut([...KINDS.values()].flat());
  else if (wanted === MORE_FOR_A_WORKER.what) await tryOut([MORE_FOR_A_WORKER]);
  else console.log("A probe of the sandbox"); // What compiles it asks for its version.
  Deno.exit();
}

async function tryOut(attempts: readonly Attempt[]): Promise<void> {
  for (const { what, run } of attempts) {
    console.log(JSON.stringify([what, await outcomeOf(run)]));
  }
}

async function outcomeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return "works";
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return "refused";
    return error instanceof Error
      ? `${error.name}: ${error.message}`
      : String(error);
  }
}
