import { assert } from "@std/assert";
import { ROOT } from "../../helpers/program.ts";
import { ANALYZE, exposure } from "./_analyze.ts";
import { MEDIA_UNIT, UNIT } from "./_units.ts";

/** To mount takes CAP_SYS_ADMIN, and to read a drive the drives. */
const MOST_MEDIA_EXPOSURE = 2.5;

Deno.test({
  name: `the exposure of the media's unit is at most ${MOST_MEDIA_EXPOSURE}`,
  ignore: !ANALYZE,
  fn: async () => {
    const score = await exposure(await Deno.readTextFile(MEDIA_UNIT));
    assert(score <= MOST_MEDIA_EXPOSURE, `it is ${score}`);
  },
});

/**
 * The unit, alone and with its drop-in, and how exposed it is at most. The admin user costs
 * 0.7: capabilities to give files away, and a /home that is seen. systemd counts 0.1 for
 * PrivateTmp=, and nothing for InaccessiblePaths=, which hides /tmp and /var/tmp.
 */
const EXPOSURES: readonly (readonly [string | undefined, number])[] = [
  [undefined, 2.3],
  ["without-hostnamed.conf", 2.6],
];

for (const [dropIn, most] of EXPOSURES) {
  Deno.test({
    name: `the exposure of the unit is at most ${most}, ${dropIn ?? "alone"}`,
    ignore: !ANALYZE,
    fn: async () => {
      const unit = await Deno.readTextFile(UNIT) +
        (dropIn === undefined
          ? ""
          : await Deno.readTextFile(`${ROOT}units/systemd/${dropIn}`));
      const score = await exposure(unit);
      assert(score <= most, `it is ${score}`);
    },
  });
}

Deno.test({
  name: "the exposure of the unit would show a sandbox that is missing",
  ignore: !ANALYZE,
  fn: async () => {
    const unit = await Deno.readTextFile(UNIT);
    const score = await exposure(unit.replace("ProtectSystem=strict", ""));
    assert(score > await exposure(unit), `it is ${score}`);
  },
});
