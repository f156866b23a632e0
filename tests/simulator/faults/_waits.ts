import type { Platform } from "../../../lib/simulator/mod.ts";

/**
 * Lets time pass.
 *
 * @param ms How much, in milliseconds.
 * @returns What it did, for a race.
 */
export async function pause(ms: number): Promise<"paused"> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return "paused";
}

/**
 * Waits until a platform was asked often enough.
 *
 * @param count How often.
 */
export async function untilEvents(
  platform: Platform,
  count: number,
): Promise<void> {
  while (platform.events.length < count) await pause(5);
}

/**
 * Waits until something listens.
 *
 * @param address Where.
 */
export async function untilOpen(address: Platform["imds"]): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect(address)).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await pause(10);
    }
  }
}
