import { assertEquals } from "@std/assert";
import { conditionsIn, linesOf, MEDIA_UNIT, UNIT } from "./_units.ts";

Deno.test("the media's unit runs where the program's does, beside it, within bounds, and without a network", async () => {
  const text = await Deno.readTextFile(MEDIA_UNIT);
  const lines = text.split("\n");
  for (
    const line of [
      // Nothing waits for its end.
      "Type=exec",
      "RuntimeMaxSec=360",
      // Else systemd waits 90 s for a mount that cannot be ended, three times.
      "TimeoutStopSec=5",
      "PrivateMounts=yes",
      "PrivateNetwork=yes",
      "RuntimeDirectoryMode=0700",
    ]
  ) assertEquals(lines.includes(line), true, line);
  assertEquals(/network.*\.target|WantedBy/.test(text), false);
  const program = await linesOf(UNIT);
  assertEquals(conditionsIn(lines), conditionsIn(program));
  assertEquals(
    program.includes(
      "Wants=azure-provisioning-needed.service azure-provisioning-media.service azure-provisioning-homes.service",
    ),
    true,
  );
  for (const unit of [lines, program]) {
    for (const line of unit.filter((it) => /^(After|Before)=/.test(it))) {
      assertEquals(/media|provisioning\.service/.test(line), false, line);
    }
  }
});
