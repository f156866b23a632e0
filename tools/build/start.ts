/**
 * Where the compiled program starts, in place of `main.ts`.
 *
 * V8 would read and compile all of the program's source at each start, which takes a
 * third as long as the whole start of an empty program. The compiled program holds the
 * code that V8 made of it when it was built, and V8 takes that, if it is the same V8
 * with the same flags; if not, it compiles the source.
 *
 * It reads nothing by path, as a path can lead to the disk; see `tools/build/bundle.ts`.
 *
 * @module
 */

import { Script } from "node:vm";
import type { CodeCache, run } from "../../lib/cli/run.ts";
import { escapeUnprintable } from "../../lib/escape_unprintable.ts";

declare global {
  /** What the script leaves behind: the exports of `lib/cli/run.ts`. */
  var azureProvisioning: { readonly run: typeof run };
}

// tools/build/bundle.ts imports them in front of this.
declare const source: string;
declare const codeCache: Uint8Array;

// The runtime would print these in colour, wherever standard error leads.
addEventListener("error", (event) => {
  event.preventDefault();
  fail(event.error);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});
try {
  Deno.exit(await start());
} catch (error) {
  fail(error);
}

async function start(): Promise<number> {
  // A program that was built on a machine of another kind has no code cache.
  const hasCode = codeCache.length > 0;
  const script = new Script(source, {
    filename: import.meta.resolve("./program.js"), // What it imports lies beside it.
    ...(hasCode ? { cachedData: codeCache } : {}),
  });
  script.runInThisContext();
  const taken: CodeCache = script.cachedDataRejected ? "rejected" : "taken";
  return await azureProvisioning.run(Deno.args, {
    codeCache: hasCode ? taken : "absent",
  });
}

function fail(error: unknown): never {
  const text = error instanceof Error && error.stack || `${error}`;
  console.error(escapeUnprintable(`Error: Internal error: ${text}`));
  Deno.exit(70);
}
