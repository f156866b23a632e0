/**
 * Names inside the compiled program, which `bundle.ts` and `start.ts` share. What they
 * are for: "How the binary is built" in `docs/architecture.md`.
 *
 * @module
 */

/** The host in every module's URL: one that cannot exist (RFC 6761). */
export const HOST = "azure-provisioning.invalid";

/** The script. Deno finds a vendored file without a manifest only if it is named like a module. */
export const SCRIPT = "program.js";

/** The code cache that V8 made of the script. */
export const CODE_CACHE = "code_cache.js";
