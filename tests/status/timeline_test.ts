import { assertEquals } from "@std/assert";
import {
  drawSpan,
  formatDuration,
  TIMELINE_WIDTH,
} from "../../lib/status/timeline.ts";

Deno.test("drawSpan() always has the same width", () => {
  for (const total of [0, 1, 100]) {
    for (const start of [0, 0.5, 1, 99, 100, 1e9]) {
      for (const more of [0, 0.001, 50, 1e9]) {
        const drawn = drawSpan(start, start + more, total);
        assertEquals(drawn.length, TIMELINE_WIDTH);
        assertEquals(/^ *(\.|#+) *$/.test(drawn), true, drawn);
      }
    }
  }
});

for (
  const [ms, text] of [
    [0, "0.0 ms"],
    [0.44, "0.4 ms"],
    [12.4, "12 ms"],
    [999.4, "999 ms"],
    [999.5, "1.00 s"],
    [59_994, "59.99 s"],
    [59_995, "1 min 0 s"],
    [1_200_000, "20 min 0 s"],
  ] as const
) {
  Deno.test(`formatDuration() writes ${ms} as ${text}`, () => {
    assertEquals(formatDuration(ms), text);
  });
}
