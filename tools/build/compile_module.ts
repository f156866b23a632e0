/**
 * Finds the base executable: the one that the environment names, or else one from npm.
 *
 * @returns Its path; nothing if Deno gets the official one itself.
 */
export async function findBase(target: Target): Promise<string | undefined> {
  return Deno.env.get("DENORT_BIN") || await findDenort(target);
}

/**
 * Compiles a module with the program's flags.
 *
 * @module
 */

import { deno, words } from "./deno.ts";
import { findDenort } from "./denort/denort.ts";
import { RUNTIME } from "./runtime.ts";
import type { Target } from "./target.ts";

/** The remedy for a base executable that does not fit. */
export const WRONG_BASE =
  `unset DENORT_BIN if it is not a denort of "${Deno.version.deno}"`;

/** The flags for V8. */
export const V8_FLAGS: readonly string[] = [
  // No memory is ever writable and executable, so the systemd unit can forbid that.
  "--jitless",
  "--disallow-code-generation-from-strings",
  // Without them, V8 parses a whole source again once an error is caught.
  "--no-enable-lazy-source-positions",
  // V8 compiles every function when it parses it, so the code cache holds them all.
  ...RUNTIME.codeCache ? ["--no-lazy"] : [],
];

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** The platform to compile for. */
  readonly target: Target;
  /** The path of the result. */
  readonly output: string;
  /** The path or URL of the first module. */
  readonly entry: string;
  /** The path of a configuration whose `vendor` folder holds all remote modules. */
  readonly config?: string | undefined;
  /** Further modules to include. */
  readonly include?: readonly string[] | undefined;
  /** The result's permissions, as flags. */
  readonly permissions: readonly string[];
  /** The path of the base executable, if it is not the one that belongs to this Deno. */
  readonly base?: string | undefined;
  /** The engine, if it is not V8. */
  readonly engine?: "quickjs" | undefined;
}

/** Returns the command line of `deno compile`; of the caller's `flags` only the import map counts. */
export function compileArguments(
  { target, output, entry, config, include = [], permissions, engine }:
    CompileOptions,
  flags: string,
): string[] {
  return [
    "compile",
    "--quiet",
    // The modules are bundled already; only --version asks where packages come from.
    ...words(flags).filter((flag) => flag.startsWith("--import-map=")),
    ...config === undefined ? [] : [`--config=${config}`, "--cached-only"],
    "--no-lock",
    "--no-code-cache", // Deno would read it from a predictable name in a folder that everybody can write.
    "--no-prompt",
    engine === undefined
      ? `--v8-flags=${V8_FLAGS.join(",")}`
      : `--engine=${engine}`,
    ...permissions,
    ...include.map((path) => `--include=${path}`),
    `--target=${target}`,
    `--output=${output}`,
    entry,
  ];
}

/**
 * Compiles a module with the program's flags.
 *
 * @throws {Error} If Deno fails; it has printed the reason.
 */
export async function compile(options: CompileOptions): Promise<void> {
  // Deno has other bases for another engine, and gets them itself.
  const denort = options.engine !== undefined
    ? undefined
    : options.base ?? await findBase(options.target);
  const args = compileArguments(options, Deno.env.get("DENO_FLAGS") ?? "");
  const env = denort === undefined ? {} : { DENORT_BIN: denort };
  if (await deno(args, { env })) return;
  throw new Error(`Cannot compile "${options.output}": see above`);
}
