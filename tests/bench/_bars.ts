import { drawFrame, escapeXml, MARGIN, WIDTH } from "./_frame.ts";
import type { Summary } from "./_statistics.ts";

/** One bar. */
export interface Bar {
  /** What it shows. */
  readonly label: string;
  /** Its length, and its quartiles. */
  readonly summary: Summary;
  /** Whether it is this program's. */
  readonly own?: boolean;
}

/** Bars, one below the other. */
export interface Bars {
  readonly title: string;
  /** The unit of the numbers. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const LEFT = 400;
const RIGHT = WIDTH - 110;
const TOP = 64;
const ROW = 30;

/**
 * Draws bars, each with a whisker from the first to the third quartile, as an SVG on a
 * ground of its own.
 */
export function drawBars({ title, unit, bars }: Bars): string {
  const height = TOP + ROW * bars.length + MARGIN - 10;
  const most = Math.max(...bars.map(({ summary }) => summary.upper)) || 1;
  const x = (value: number) =>
    (LEFT + value / most * (RIGHT - LEFT)).toFixed(1);
  const rows = bars.map(({ label, summary, own = false }, index) => {
    const y = TOP + ROW * index;
    const middle = y + ROW / 2 - 4;
    const { lower, median, upper } = summary;
    return `  <text class="text" x="${LEFT - 10}" y="${
      middle + 4
    }" text-anchor="end">${escapeXml(label)}</text>
  <path class="${own ? "own" : "other"}" d="M${LEFT} ${y}H${x(median)}V${
      y + ROW - 8
    }H${LEFT}Z"/>
  <path class="whisker" d="M${x(lower)} ${middle}H${x(upper)}M${x(lower)} ${
      middle - 4
    }v8M${x(upper)} ${middle - 4}v8"/>
  <text class="text" x="${Number(x(Math.max(median, upper))) + 8}" y="${
      middle + 4
    }">${median.toFixed(1)}</text>`;
  });
  return drawFrame({ title, unit, height, rows });
}
