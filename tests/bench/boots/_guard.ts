import { PLAIN_RECIPE } from "../../boot/_recipes.ts";
import { ratios } from "../_statistics.ts";
import { type BootSample, makeBootImage } from "./_play.ts";
import { BOOT_VARIANTS, HERE } from "./_variants.ts";

/**
 * The most that the time from sysinit.target to Ready may be, as a share of a whole boot
 * without the program. The document says what it was in quiet and in busy runs; any wait
 * in series, such as for a drive or for the network, takes it above.
 */
export const MOST_OF_A_BOOT = 1.5;

const ROUNDS = 5;

/**
 * Compares the time from sysinit.target to Ready, without an optical drive, with a whole
 * boot of the same root in the same rounds on which the program is disabled.
 *
 * @param source The checkout that the program and its units come from.
 * @returns The median of the rounds' ratios.
 */
export async function readyOverBoot(source: string = HERE): Promise<number> {
  await using made = new AsyncDisposableStack();
  const play = async (name: string) => {
    const variant = BOOT_VARIANTS.find((it) => it.name === name)!;
    return made.use(await makeBootImage(PLAIN_RECIPE, variant, source)).play;
  };
  const [ours, disabled] = [await play("ours"), await play("disabled")];
  const samples: [BootSample, BootSample][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    samples.push([await ours(), await disabled()]);
  }
  return ratios(
    samples.map(([{ times }]) => times.toReady!),
    samples.map(([, { times }]) => times.boot),
  ).median;
}
