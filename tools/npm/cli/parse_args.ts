/**
 * Stand-in for `@std/cli/parse-args`: the same code from npm, with types.
 *
 * @module
 */

// @ts-types="./parse_args.d.ts"
export { parseArgs } from "deno-std/cli/parse_args.js";
