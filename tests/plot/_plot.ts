/** One line of a {@linkcode Plot}. */
export interface PlotLine {
  /** What it shows, for the legend. */
  readonly label: string;
  /** Its points, from left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Each point holds until the next one, so that the line has steps. */
  readonly steps?: boolean;
  /** The ground under it is tinted. */
  readonly filled?: boolean;
}

/** A place on the x axis that has a name. */
export interface PlotMark {
  readonly x: number;
  readonly label: string;
}

/** Lines over an axis. */
export interface Plot {
  readonly title: string;
  /** What one has to know to read it, in a line. */
  readonly subtitle?: string;
  /** What the x axis counts, with its unit. */
  readonly xLabel: string;
  /** What the y axis counts, with its unit. */
  readonly yLabel: string;
  /** As many as there are {@linkcode COLORS}; later ones are drawn over earlier ones. */
  readonly lines: readonly PlotLine[];
  readonly marks?: readonly PlotMark[];
}

/** A colour for each line: on a light ground, and on a dark one. */
const COLORS: readonly (readonly [light: string, dark: string])[] = [
  ["#0969da", "#58a6ff"],
  ["#d1570a", "#ff9b50"],
  ["#1a7f37", "#3fb950"],
  ["#8250df", "#bc8cff"],
  ["#bf3989", "#f778ba"],
  ["#57606a", "#adbac7"],
];

const WIDTH = 860;
const HEIGHT = 440;
const MARGIN = 28;
const RIGHT = WIDTH - MARGIN;
const TOP = 118;
const BOTTOM = HEIGHT - 64;
const LEGEND_Y = 84;

/** About as wide as a letter of a label is. */
const LETTER = 7.2;

/** Left of the numbers of the y axis. */
const Y_LABEL = 58;

/**
 * Draws lines over an axis, as an SVG that stands on a ground of its own: a light
 * one, or a dark one where the reader asks for that.
 *
 * @param plot What to draw; both axes start at 0, and no value may be less.
 * @returns The SVG.
 * @throws {RangeError} If there are more lines than colours, or a value cannot be drawn.
 */
export function drawPlot(plot: Plot): string {
  const { title, subtitle = "", xLabel, yLabel, lines, marks = [] } = plot;
  check(plot);
  const points = lines.flatMap((line) => outline(line));
  const xEnd = greatest([
    ...points.map(([x]) => x!),
    ...marks.map(({ x }) => x),
  ]);
  // The x axis ends with the last point, the y axis with the tick above the highest.
  const xAxis = ticks(xEnd).filter((tick) => tick <= xEnd);
  const yAxis = ticks(greatest(points.map(([, y]) => y!)));
  const yEnd = yAxis.at(-1)!;
  const left = Y_LABEL +
    LETTER * Math.max(...yAxis.map((tick) => formatNumber(tick).length));
  const place: Place = {
    x: (x) => round(left + x / xEnd * (RIGHT - left)),
    y: (y) => round(BOTTOM - y / yEnd * (BOTTOM - TOP)),
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
${
    indent([
      `<title id="title">${escapeXml(title)}</title>`,
      `<style>\n${indent(styles(lines.length))}\n</style>`,
      `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${
        HEIGHT - 1
      }" rx="8"/>`,
      text({ x: MARGIN, y: 36, className: "title" }, title),
      text({ x: MARGIN, y: 58, className: "soft" }, subtitle),
      ...legend(lines),
      ...yAxis.flatMap((tick) => [
        `<path class="${tick === 0 ? "axis" : "grid"}" d="M${place.x(0)} ${
          place.y(tick)
        }H${RIGHT}"/>`,
        text(
          { x: left - 10, y: place.y(tick) + 4, anchor: "end" },
          formatNumber(tick),
        ),
      ]),
      ...xAxis.flatMap((tick) => [
        `<path class="axis" d="M${place.x(tick)} ${BOTTOM}v5"/>`,
        text(
          { x: place.x(tick), y: BOTTOM + 21, anchor: "middle" },
          formatNumber(tick),
        ),
      ]),
      text(
        { x: (left + RIGHT) / 2, y: HEIGHT - 18, anchor: "middle" },
        xLabel,
      ),
      `<text class="text" transform="translate(26 ${
        (TOP + BOTTOM) / 2
      }) rotate(-90)" text-anchor="middle">${escapeXml(yLabel)}</text>`,
      ...lines.flatMap((line, index) => drawLine(line, index, place)),
      ...marks.flatMap((mark) => drawMark(mark, place)),
    ])
  }
</svg>
`;
}

/** From values to places. */
interface Place {
  x(value: number): number;
  y(value: number): number;
}

function check({ lines, marks = [] }: Plot): void {
  if (lines.length > COLORS.length) {
    throw new RangeError(`There are colours for "${COLORS.length}" lines only`);
  }
  const values = [
    ...lines.flatMap(({ points }) => points.flat()),
    ...marks.map(({ x }) => x),
  ];
  const odd = values.find((value) => !(value >= 0 && value < Infinity));
  if (odd !== undefined) throw new RangeError(`"${odd}" cannot be drawn`);
}

/** The corners of a line; the last step is as long as the one before. */
function outline({ points, steps }: PlotLine): readonly (readonly number[])[] {
  const last = points.at(-1);
  if (!steps || last === undefined) return points;
  const before = points.at(-2)?.[0] ?? last[0] - 1;
  return [
    ...points.flatMap(([x, y], index) =>
      index === 0 ? [[x, y]] : [[x, points[index - 1]![1]], [x, y]]
    ),
    [last[0] + last[0] - before, last[1]],
  ];
}

function drawLine(line: PlotLine, index: number, place: Place): string[] {
  const corners = outline(line);
  if (corners.length === 0) return [];
  const path = corners.map(([x, y]) => `${place.x(x!)} ${place.y(y!)}`)
    .join("L");
  const [first, last] = [corners[0]![0]!, corners.at(-1)![0]!];
  return [
    ...(line.filled
      ? [
        `<path class="fill c${index}" d="M${place.x(first)} ${BOTTOM}L${path}L${
          place.x(last)
        } ${BOTTOM}Z"/>`,
      ]
      : []),
    `<path class="line c${index}" d="M${path}"/>`,
  ];
}

/** The name goes to the side where there is room. */
function drawMark({ x, label }: PlotMark, place: Place): string[] {
  const at = place.x(x);
  const isLeft = at + 8 + label.length * LETTER > RIGHT;
  return [
    `<path class="mark" d="M${at} ${TOP}V${BOTTOM}"/>`,
    text({
      x: isLeft ? at - 8 : at + 8,
      y: TOP + 12,
      anchor: isLeft ? "end" : "start",
    }, label),
  ];
}

function legend(lines: readonly PlotLine[]): string[] {
  let x = MARGIN;
  return lines.flatMap(({ label }, index) => {
    const start = round(x);
    x += 28 + label.length * LETTER + 24;
    return [
      `<path class="line c${index}" d="M${start} ${LEGEND_Y}h20"/>`,
      text({ x: start + 28, y: LEGEND_Y + 4 }, label),
    ];
  });
}

/** An axis has a length even if there is nothing to show. */
function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0) || 1;
}

/** Round numbers from 0 to the first one that is not less than the end. */
function ticks(end: number): number[] {
  const power = 10 ** Math.floor(Math.log10(end / 6));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= end / 6)! *
    power;
  return Array.from(
    { length: Math.ceil(end / step - 1e-9) + 1 },
    (_, index) => Number((index * step).toPrecision(12)),
  );
}

function formatNumber(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 12 });
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly className?: string;
}

function text(
  { x, y, anchor = "start", className = "text" }: TextPlace,
  words: string,
): string {
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return words === ""
    ? ""
    : `<text class="${className}" x="${round(x)}" y="${round(y)}"${anchored}>${
      escapeXml(words)
    }</text>`;
}

function styles(lines: number): string[] {
  const theme = (
    color: (pair: readonly [string, string]) => string,
    ...[ground, border, ink, soft, grid]: readonly string[]
  ) => [
    `.ground { fill: ${ground}; stroke: ${border}; }`,
    `.title, .text { fill: ${ink}; }`,
    `.soft { fill: ${soft}; }`,
    `.axis, .mark { stroke: ${soft}; }`,
    `.grid { stroke: ${grid}; }`,
    ...COLORS.slice(0, lines).flatMap((pair, index) => [
      `.line.c${index} { stroke: ${color(pair)}; }`,
      `.fill.c${index} { fill: ${color(pair)}; }`,
    ]),
  ];
  return [
    "text { font: 13px system-ui, sans-serif; }",
    ".title { font-size: 18px; font-weight: 600; }",
    ".line { fill: none; stroke-width: 2; stroke-linejoin: round; }",
    ".fill { fill-opacity: 0.15; }",
    ".mark { stroke-dasharray: 4 4; }",
    ...theme(
      ([light]) => light,
      "#ffffff",
      "#d0d7de",
      "#1f2328",
      "#59636e",
      "#e6eaef",
    ),
    "@media (prefers-color-scheme: dark) {",
    ...theme(
      ([, dark]) => dark,
      "#0d1117",
      "#3d444d",
      "#e6edf3",
      "#9198a1",
      "#262c36",
    ).map((rule) => `  ${rule}`),
    "}",
  ];
}

function indent(lines: readonly string[]): string {
  return lines.filter((line) => line !== "")
    .map((line) => line.replaceAll(/^/gm, "  ")).join("\n");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
