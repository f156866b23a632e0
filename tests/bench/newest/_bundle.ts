/**
 * Bundles the program, and an empty one, for the Deno that runs this. Its argument is the
 * folder for them.
 *
 * @module
 */

import { bundle } from "../../../tools/build/bundle.ts";

/** The empty program's file beside the others. */
const EMPTY = "empty.js";

if (import.meta.main) {
  const { entry, folder } = await bundle(Deno.args[0]!, false);
  await Deno.writeTextFile(`${folder}/${EMPTY}`, "Deno.exit(0);");
  console.log(
    JSON.stringify({ ours: entry, empty: new URL(EMPTY, entry).href }),
  );
}
