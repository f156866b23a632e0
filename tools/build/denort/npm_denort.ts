/**
 * Gets denort out of npm, for machines that reach nothing else: some packages
 * hold a program made by `deno compile`, and such a program starts with denort.
 *
 * @module
 */

import type { Target } from "../target.ts";
import { withoutAppended } from "../../elf.ts";
import { sha256 } from "../../sha256.ts";
import { readFromTar } from "./tar.ts";

interface Source {
  /** The archive's path in an npm registry. */
  readonly archive: string;
  /** The program's path in the archive. */
  readonly program: string;
  /** The SHA-256 of the denort that the program starts with. */
  readonly sha256: string;
}

/** The only version of denort that is known to be on npm. */
export const knownVersion = "2.7.11";

const sources: Record<Target, Source> = {
  "x86_64-unknown-linux-gnu": {
    archive: "@stdy/cli-linux-x64/-/cli-linux-x64-0.22.2.tgz",
    program: "package/bin/steady",
    sha256: "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6",
  },
  "aarch64-unknown-linux-gnu": {
    archive: "@stdy/cli-linux-arm64/-/cli-linux-arm64-0.22.2.tgz",
    program: "package/bin/steady",
    sha256: "9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef",
  },
};

/** What {@linkcode npmDenort} has to know. */
export interface NpmDenortOptions {
  /** What denort is to run on. */
  target: Target;
  /** The npm registry. */
  registry: string;
  /** The folder where to keep denort. */
  cache: string;
  /** Told what is about to be downloaded. */
  onDownload: (url: string) => void;
}

/**
 * Gets denort {@linkcode knownVersion}, downloading it once.
 *
 * @param options Which one, from where, and where to keep it.
 * @returns Its path.
 * @throws {Error} If it cannot be downloaded, or is not what it was.
 */
export async function npmDenort(options: NpmDenortOptions): Promise<string> {
  const source = sources[options.target];
  const path = `${options.cache}/denort-${knownVersion}-${options.target}`;
  const kept = await readIfExists(path);
  if (kept !== undefined) {
    await verify(kept, source, path, "remove it to have it downloaded again");
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
  const found = await sha256(denort);
  if (found === source.sha256) return;
  throw new Error(
    `Cannot use the denort of "${origin}", its SHA-256 is "${found}" and not "${source.sha256}": ${remedy}`,
  );
}

/** Writes beside the path first, so that nobody ever sees half a file there. */
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
