import { missingProgram } from "../helpers/missing_program.ts";
import { succeed } from "../helpers/command.ts";
import type { Contestant } from "./_contestants.ts";
import { closureOf, filesOfPackages, type Package } from "./_packages.ts";

/** What a contestant adds to a minimal root. */
export interface AddedSize {
  /** How many files. */
  readonly files: number;
  /** Their sizes together, in bytes. */
  readonly bytes: number;
  /** The size of a compressed tar archive, in bytes, if there is the compressor. */
  readonly xzBytes?: number;
  /** See {@linkcode xzBytes}. */
  readonly zstdBytes?: number;
}

const COMPRESSORS = {
  xzBytes: ["xz", "xz -6 -T0"],
  zstdBytes: ["zstd", "zstd -q -19 -T0"],
} as const;

const PATIENCE_MS = 1_200_000;

/**
 * Sums up what a contestant adds to a root of Debian's essential packages.
 *
 * @param packages The packages that are installed; without, it counts what was made only.
 */
export async function addedSize(
  { packages: needed, copies }: Contestant,
  packages: readonly Package[] = [],
): Promise<AddedSize> {
  const essential = packages.filter((it) => it.essential).map((it) => it.name);
  const there = new Set(closureOf(essential, packages));
  const added = closureOf(needed, packages).filter((it) => !there.has(it));
  const files = [
    ...await filesOfPackages(added),
    ...Object.values(copies),
  ];
  const sizes = await Promise.all(
    files.map(async (file) => (await Deno.lstat(file)).size),
  );
  return {
    files: files.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    ...await compressedSizes(files),
  };
}

async function compressedSizes(
  files: readonly string[],
): Promise<Partial<AddedSize>> {
  const list = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(list, files.join("\n"));
    const found: Record<string, number> = {};
    for (const [key, [program, command]] of Object.entries(COMPRESSORS)) {
      if (missingProgram([program]) !== undefined) continue;
      const bytes = await succeed("sh", [
        "-euc",
        `tar -cf - --absolute-names -T "$0" | ${command} | wc -c`,
        list,
      ], PATIENCE_MS);
      found[key] = Number(bytes);
    }
    return found;
  } finally {
    await Deno.remove(list);
  }
}
