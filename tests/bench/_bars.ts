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

const WIDTH = 860;
const MARGIN = 28;
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
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">${escapeXml(title)}</title>
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 18px; font-weight: 600; }
    .ground { fill: #ffffff; stroke: #d0d7de; }
    .own { fill: #0969da; }
    .other { fill: #afb8c1; }
    .whisker { fill: none; stroke: #1f2328; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .ground { fill: #0d1117; stroke: #3d444d; }
      .own { fill: #58a6ff; }
      .other { fill: #57606a; }
      .whisker { stroke: #e6edf3; }
    }
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${
    height - 1
  }" rx="8"/>
  <text class="title" x="${MARGIN}" y="36">${escapeXml(title)}</text>
  <text class="text" x="${WIDTH - MARGIN}" y="36" text-anchor="end">${
    escapeXml(unit)
  }</text>
${rows.join("\n")}
</svg>
`;
}

function escapeXml(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
