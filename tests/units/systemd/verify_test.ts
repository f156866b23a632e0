import { assertEquals } from "@std/assert";
import { ANALYZE, verify } from "./_analyze.ts";
import { UNIT, UNITS } from "./_units.ts";

for (const path of UNITS) {
  const name = path.replace(/.*\//, "");
  Deno.test({
    name: `systemd-analyze verify finds nothing wrong with ${name}`,
    ignore: !ANALYZE,
    fn: async () => {
      assertEquals(await verify(await Deno.readTextFile(path), name), {
        code: 0,
        stderr: "",
      });
    },
  });
}

Deno.test({
  name: "systemd-analyze verify would find a misspelt key in the unit",
  ignore: !ANALYZE,
  fn: async () => {
    const unit = await Deno.readTextFile(UNIT);
    const { stderr } = await verify(
      unit.replace("TimeoutStartSec", "TimeoutStartSoc"),
    );
    assertEquals(stderr.includes("TimeoutStartSoc"), true);
  },
});
