/**
 * Measures how long real boots take, from the init's start to Ready and to their end,
 * beside others.
 *
 * ```sh
 * tools/dev bench:boot
 * tools/dev bench:boot --quick --rounds 3 --roots systemd-252 --variants disabled,ours
 * ```
 *
 * Machines boot in namespaces of their own; nothing on this machine changes.
 *
 * @module
 */

import { BOOT_OBSTACLE } from "../../boot/_obstacle.ts";
import { writeBoots } from "./_document.ts";
import { type BootBenchOptions, readBootOptions } from "./_options.ts";
import type { BootImage, BootSample } from "./_play.ts";
import { BOOT_ROOTS } from "./_roots.ts";
import { type BootRow, bootTable } from "./_table.ts";
import { medianUnits } from "./_times.ts";
import { pictureOf } from "./_timeline.ts";
import { BOOT_VARIANTS, type BootVariant, HERE } from "./_variants.ts";

/** A variant from one checkout. */
interface Entry {
  readonly variant: BootVariant;
  readonly source: string;
  readonly title: string;
}

/** The variant whose boots are drawn. */
const PICTURED = "ours";

/** Boots the variants of a root in turns. */
async function bootInTurns(
  root: string,
  { rounds: wanted, variants, against }: BootBenchOptions,
): Promise<{ rows: BootRow[]; samples: (BootSample | undefined)[][] }> {
  const { recipe, make, variants: all = variants, mostRounds = Infinity } =
    BOOT_ROOTS[root]!;
  const rounds = Math.min(wanted, mostRounds);
  const chosen = BOOT_VARIANTS.filter(({ name, systemdOnly }) =>
    variants.includes(name) && all.includes(name) &&
    (recipe.init === "systemd" || !systemdOnly)
  );
  const entries = chosen.flatMap((variant): Entry[] => [
    { variant, source: HERE, title: variant.title },
    ...against.filter(() => variant.own).map((source) => ({
      variant,
      source,
      title: `${variant.title}, in ${source}`,
    })),
  ]);
  await using made = new AsyncDisposableStack();
  const images: (BootImage | string)[] = [];
  for (const { variant, source, title } of entries) {
    say(`${root}: making ${title}`);
    try {
      images.push(made.use(await make(recipe, variant, source)));
    } catch (error) {
      images.push(firstLine(error));
    }
  }
  const samples = entries.map((): (BootSample | undefined)[] => []);
  // A first round, which nobody counts, fills the page cache.
  for (let round = -1; round < rounds; round++) {
    for (const [index, { title }] of entries.entries()) {
      const image = images[index]!;
      if (typeof image === "string") continue;
      const sample = await image.play().catch((error) => firstLine(error));
      if (typeof sample === "string") {
        say(`${root}: ${title}: ${sample}`);
        if (round === -1) images[index] = sample;
        else samples[index]!.push(undefined);
      } else if (round >= 0) samples[index]!.push(sample);
    }
    say(`${root}: round ${round + 1} of ${rounds}`);
  }
  const rows = entries.map(({ variant, title }, index): BootRow => {
    const image = images[index]!;
    return {
      root,
      name: variant.name,
      title,
      rounds: samples[index]!.map((sample) => sample?.times),
      absent: typeof image === "string" ? image : undefined,
    };
  });
  return { rows, samples };
}

async function main(options: BootBenchOptions): Promise<void> {
  if (BOOT_OBSTACLE !== undefined) {
    console.error(`Cannot boot: ${BOOT_OBSTACLE}`);
    Deno.exit(77);
  }
  const tables: Record<string, string> = {};
  const pictures: Record<string, string> = {};
  for (const root of options.roots) {
    const { rows, samples } = await bootInTurns(root, options);
    const { note } = BOOT_ROOTS[root]!;
    const table = bootTable(rows);
    tables[root] = note === undefined ? table : `${note}\n\n${table}`;
    console.log(`\n${root}\n\n${tables[root]}`);
    for (const [index, { title, name }] of rows.entries()) {
      const whole = samples[index]!.filter((it) => it !== undefined);
      const units = medianUnits(whole.map((it) => it.units));
      if (units.length === 0) continue;
      console.log(`\n${title}`);
      for (const { unit, fromMs, tookMs } of units) {
        const [from, took] = [fromMs.toFixed(0), tookMs.toFixed(0)];
        console.log(`  ${unit}: at ${from}, for ${took} ms`);
      }
      if (name === PICTURED) {
        pictures[root] = pictureOf(
          `${root}: ${title}`,
          units,
          whole.map(({ times }) => times.toReady!),
        );
      }
    }
  }
  if (!options.quick) {
    await writeBoots({
      date: new Date().toISOString().slice(0, 10),
      command: ["tools/dev bench:boot", ...Deno.args].join(" "),
      rounds: options.rounds,
      tables,
      pictures,
    });
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(
    "\n",
  )[0]!;
}

function say(words: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${words}`);
}

if (import.meta.main) {
  try {
    await main(
      readBootOptions(Deno.args, {
        roots: Object.keys(BOOT_ROOTS),
        variants: BOOT_VARIANTS.map(({ name }) => name),
      }),
    );
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
