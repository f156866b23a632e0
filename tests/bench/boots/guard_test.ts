import { assertLess } from "@std/assert";
import { BOOT_OBSTACLE } from "../../boot/_obstacle.ts";
import { MOST_OF_A_BOOT, readyOverBoot } from "./_guard.ts";

Deno.test({
  name:
    "a boot is at Ready soon after sysinit.target: nothing is waited for in series",
  ignore: BOOT_OBSTACLE !== undefined,
  fn: async () => {
    assertLess(await readyOverBoot(), MOST_OF_A_BOOT);
  },
});
