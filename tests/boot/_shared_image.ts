import { BOOT_OBSTACLE } from "./_obstacle.ts";
import { type Image, makeImage } from "./_image.ts";
import type { Recipe } from "./_recipes.ts";

const images = new Map<string, Promise<Image>>();

Deno.test.afterAll(async () => {
  for (const image of images.values()) {
    await (await image)[Symbol.asyncDispose]();
  }
});

/** An image that the tests of a file share: making one takes longer than booting a machine that is made from it. */
export type SharedImage = Pick<Image, "makeMachine">;

/**
 * Registers a test that boots machines made from an image which it shares with the file's
 * other tests; it is skipped where none can be booted.
 *
 * @param name What holds.
 * @param recipe How the image's root is made.
 * @param obstacle Why it cannot run here, beside what keeps any machine from booting.
 */
export function sharedImageTest(
  name: string,
  recipe: Recipe,
  test: (image: SharedImage) => Promise<void>,
  obstacle?: string,
): void {
  Deno.test({
    name,
    ignore: (BOOT_OBSTACLE ?? obstacle) !== undefined,
    // The image of the first test, and the process that removes it if the tests are killed, are there until the last one ends.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const made = images.get(recipe.name) ?? makeImage(recipe);
      images.set(recipe.name, made);
      await test(await made);
    },
  });
}
