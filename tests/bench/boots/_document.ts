import type { BootBenchOptions } from "./_options.ts";

/** Where the tables go: the part of the document that a boot's measurement writes. */
export const BOOTS_FILE = "tests/bench/boots/measured.md";

/** Writes the tables into the part of the document. */
export async function writeBoots(
  tables: Readonly<Record<string, string>>,
  _options: BootBenchOptions,
): Promise<void> {
  const parts = Object.entries(tables).map(([root, table]) =>
    `### ${root}\n\n${table}\n`
  );
  await Deno.writeTextFile(BOOTS_FILE, parts.join("\n"));
}
