import {
  type Boundary,
  EMPTY_PHASES,
  OWN_PHASES,
  type Phase,
  SCRIPT_PHASES,
  splitPhases,
} from "./_phases.ts";
import type { Sample } from "./_samples.ts";
import { median } from "./_statistics.ts";

/** The programs whose phases are known. */
const BOUNDARIES: Readonly<Record<string, readonly Boundary[]>> = {
  ours: OWN_PHASES,
  "ours-unnamed": OWN_PHASES,
  empty: EMPTY_PHASES,
  script: SCRIPT_PHASES,
};

/**
 * Splits traced runs into phases.
 *
 * @returns The phases by program, each with its median.
 */
export async function medianPhases(
  samples: readonly Sample[],
): Promise<Map<string, Phase[]>> {
  const runs = new Map<string, Phase[][]>();
  for (const sample of samples) {
    const boundaries = BOUNDARIES[sample.name];
    if (sample.condition !== "trace" || boundaries === undefined) continue;
    const trace = await Deno.readTextFile(sample.file);
    const own = runs.get(sample.name) ?? [];
    own.push(splitPhases(trace, boundaries));
    runs.set(sample.name, own);
  }
  return new Map(
    [...runs].map(([name, all]) => [
      name,
      all[0]!.map(({ name: phase }) => ({
        name: phase,
        ms: median(
          all.flatMap((one) => one.filter((it) => it.name === phase))
            .map((it) => it.ms),
        ),
      })),
    ]),
  );
}
