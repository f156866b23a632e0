import { drawFrame, escapeXml, MARGIN, WIDTH } from "../_frame.ts";
import { median } from "../_statistics.ts";
import type { UnitTime } from "./_times.ts";

/** A boot, from sysinit.target on. */
export interface Timeline {
  readonly title: string;
  /** What ran, in the order of the picture. */
  readonly units: readonly UnitTime[];
  /** When the platform had taken Ready, in milliseconds after sysinit.target. */
  readonly readyMs: number;
}

const LEFT = 300;
const RIGHT = WIDTH - 110;
const TOP = 84;
const ROW = 26;

/** The narrowest bar, so that nothing is invisible. */
const NARROWEST = 2;

/** What is part of this program. */
const OWN = "azure-provisioning";

/**
 * Draws when the units of a boot ran, as an SVG. What began before sysinit.target, such as a
 * unit of the early boot, stands left of its line.
 */
export function drawTimeline({ title, units, readyMs }: Timeline): string {
  const first = Math.min(0, ...units.map(({ fromMs }) => fromMs));
  const last = Math.max(
    readyMs,
    ...units.map(({ fromMs, tookMs }) => fromMs + tookMs),
  );
  const x = (ms: number) =>
    LEFT + (ms - first) / ((last - first) || 1) * (RIGHT - LEFT);
  const bottom = TOP + ROW * units.length;
  const rows = units.map(({ unit, fromMs, tookMs }, index) => {
    const y = TOP + ROW * index;
    const end = Math.max(x(fromMs + tookMs), x(fromMs) + NARROWEST);
    return `  <text class="text" x="${LEFT - 10}" y="${
      y + 14
    }" text-anchor="end">${escapeXml(unit)}</text>
  <path class="${unit.startsWith(OWN) ? "own" : "other"}" d="M${
      x(fromMs).toFixed(1)
    } ${y}H${end.toFixed(1)}V${y + ROW - 8}H${x(fromMs).toFixed(1)}Z"/>
  <text class="text" x="${(end + 8).toFixed(1)}" y="${y + 14}">${
      tookMs.toFixed(0)
    }</text>`;
  });
  const marks = [["sysinit.target", 0], [
    `Ready, ${readyMs.toFixed(0)}`,
    readyMs,
  ]] as const;
  return drawFrame({
    title,
    unit: "ms",
    height: bottom + MARGIN - 10,
    rows: [
      ...marks.map(([words, ms], index) =>
        `  <path class="mark" d="M${x(ms).toFixed(1)} ${TOP - 8}V${bottom}"/>
  <text class="text" x="${x(ms).toFixed(1)}" y="${TOP - 14}" text-anchor="${
          index === 0 ? "end" : "start"
        }">${escapeXml(words)}</text>`
      ),
      ...rows,
    ],
  });
}

/** Draws the median of several boots; what takes no time, such as a target, is left out. */
export function pictureOf(
  title: string,
  units: readonly UnitTime[],
  readyMs: readonly number[],
): string {
  return drawTimeline({
    title: `Units of a boot, ${title}`,
    units: units.filter(({ tookMs }) => tookMs > 0),
    readyMs: median(readyMs),
  });
}
