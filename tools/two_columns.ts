const LEFT_WIDTH = 62;
const RIGHT_WIDTH = 54;

/**
 * Sets two texts beside each other, each wrapped to its column.
 *
 * @param left The left text, one paragraph.
 * @param right The right text, one paragraph.
 * @returns As many lines as the longer one needs, without a line end.
 */
export function twoColumns(left: string, right: string): string {
  const lefts = wrap(left, LEFT_WIDTH);
  const rights = wrap(right, RIGHT_WIDTH);
  const rows: string[] = [];
  for (let row = 0; row < Math.max(lefts.length, rights.length); row++) {
    const cell = (lefts[row] ?? "").padEnd(LEFT_WIDTH);
    rows.push(`${cell} | ${rights[row] ?? ""}`.trimEnd());
  }
  return rows.join("\n");
}

/** Breaks at a blank or after a tag where there is one, else at the width. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const start = rest.slice(0, width);
    const at = Math.max(start.lastIndexOf(" "), start.lastIndexOf(">")) + 1;
    const cut = at > width / 2 ? at : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = `  ${rest.slice(cut)}`;
  }
  return [...lines, rest];
}
