import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawTimeline, pictureOf } from "./_timeline.ts";

const UNITS = [
  { unit: "azure-provisioning-needed.service", fromMs: -40, tookMs: 30 },
  { unit: "azure-provisioning.service", fromMs: 20, tookMs: 100 },
  { unit: "a<b.service", fromMs: 60, tookMs: 0.01 },
];

/** The left and the right end of each bar. */
function bars(svg: string): number[][] {
  return [
    ...svg.matchAll(/class="(?:own|other)" d="M([\d.]+) [^H]*H([\d.]+)V/g),
  ]
    .map((it) => [Number(it[1]), Number(it[2])]);
}

Deno.test("drawTimeline() draws each unit from its beginning to its end, on one scale", () => {
  const svg = drawTimeline({ title: "A boot", units: UNITS, readyMs: 90 });
  const [needed, program, short] = bars(svg);
  const scale = (needed![1]! - needed![0]!) / 30;
  assert(Math.abs(program![1]! - program![0]! - 100 * scale) < 0.2, svg);
  assert(Math.abs(program![0]! - needed![0]! - 60 * scale) < 0.2, svg);
  assert(short![1]! > short![0]!, svg);
  assertStringIncludes(svg, ">Ready, 90<");
  assertStringIncludes(svg, "a&lt;b.service");
});

Deno.test("pictureOf() leaves out what takes no time, and marks the median of Ready", () => {
  const svg = pictureOf("x", [
    ...UNITS,
    { unit: "sysinit.target", fromMs: 0, tookMs: 0 },
  ], [80, 200, 95]);
  assertEquals(bars(svg).length, UNITS.length);
  assertStringIncludes(svg, ">Ready, 95<");
});
