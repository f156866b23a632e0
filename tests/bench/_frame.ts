/** How wide a picture is. */
export const WIDTH = 860;

/** How much is left free around what it shows. */
export const MARGIN = 28;

/** A picture: its title, and what is drawn below it. */
export interface Frame {
  readonly title: string;
  /** The unit of the numbers. */
  readonly unit: string;
  readonly height: number;
  /** SVG elements, with the classes "text", "own", "other", "whisker" and "mark". */
  readonly rows: readonly string[];
}

/** Draws an SVG on a ground of its own: a light one, or a dark one where the reader asks for that. */
export function drawFrame({ title, unit, height, rows }: Frame): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">${escapeXml(title)}</title>
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 18px; font-weight: 600; }
    .ground { fill: #ffffff; stroke: #d0d7de; }
    .own { fill: #0969da; }
    .other { fill: #afb8c1; }
    .whisker { fill: none; stroke: #1f2328; }
    .mark { fill: none; stroke: #57606a; stroke-dasharray: 4 3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .ground { fill: #0d1117; stroke: #3d444d; }
      .own { fill: #58a6ff; }
      .other { fill: #57606a; }
      .whisker { stroke: #e6edf3; }
      .mark { stroke: #adbac7; }
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

/** Writes words so that XML takes them as they are. */
export function escapeXml(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
