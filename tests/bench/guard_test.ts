import { assertLess } from "@std/assert";
import { cpuOverEmpty, MOST_OVER_EMPTY } from "./_guard.ts";
import { measuringObstacle } from "./_measure.ts";

Deno.test({
  name: "a first boot takes little more CPU than an empty program",
  ignore: measuringObstacle() !== undefined,
  fn: async () => {
    assertLess(await cpuOverEmpty(), MOST_OVER_EMPTY);
  },
});
