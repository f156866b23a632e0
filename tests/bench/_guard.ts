import { BINARY } from "../helpers/vm.ts";
import { makeField } from "./_make.ts";
import { measure } from "./_measure.ts";
import { timed } from "./_samples.ts";
import { ratios } from "./_statistics.ts";

/**
 * How much more CPU a first boot may take than an empty program. On a quiet machine it
 * was 1.35 to 1.40 in 20 runs, and 1.7 without the code cache.
 */
export const MOST_OVER_EMPTY = 1.65;

const ROUNDS = 20;

/**
 * Compares the CPU of a first boot with that of an empty program compiled alike.
 *
 * @returns The median of the rounds' ratios, which noise affects least.
 */
export async function cpuOverEmpty(binary: string = BINARY): Promise<number> {
  const folder = await Deno.makeTempDir({
    prefix: "azure-provisioning-bench-",
  });
  try {
    const { entries } = await makeField({
      folder,
      binary,
      only: ["ours-unnamed", "empty"],
    });
    const samples = await measure({
      ...{ entries, rounds: ROUNDS, cold: "evict", delayMs: 0 },
      traces: folder,
      conditions: ["warm"],
    });
    const [own, empty] = ["ours-unnamed", "empty"].map((name) =>
      timed(samples, name, "warm").map((it) => it.cpuMs)
    ) as [number[], number[]];
    return ratios(own, empty).median;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
