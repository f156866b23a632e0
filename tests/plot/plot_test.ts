import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { drawPlot, type Plot } from "./_plot.ts";

const PLOT: Plot = {
  title: "Load",
  xLabel: "Time (seconds)",
  yLabel: "Requests",
  lines: [{ label: "arrived", points: [[0, 0], [10, 100]] }],
};

/** The texts that are shown, in the order in which they are drawn. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)]
    .map((match) => match[1]!);
}

/** The corners of a drawn line. */
function cornersOf(svg: string, index = 0): [x: number, y: number][] {
  const path = new RegExp(`class="line c${index}" d="M([^h"]*)"`).exec(svg);
  return path![1]!.split("L").map((corner) => {
    const [x, y] = corner.split(" ").map(Number);
    return [x!, y!];
  });
}

Deno.test("drawPlot() writes title, legend, axes and their units", () => {
  const svg = drawPlot({ ...PLOT, subtitle: "of one day" });
  assertEquals(textsOf(svg), [
    "Load",
    "of one day",
    "arrived",
    ..."0 20 40 60 80 100".split(" "),
    ..."0 2 4 6 8 10".split(" "),
    "Time (seconds)",
    "Requests",
  ]);
  assertStringIncludes(svg, '<title id="title">Load</title>');
});

Deno.test("drawPlot() puts points where their values are, from the left end to the right", () => {
  const [[left, bottom], [middleX, middleY], [right, top]] = cornersOf(
    drawPlot({
      ...PLOT,
      lines: [{ label: "", points: [[0, 0], [5, 25], [10, 100]] }],
    }),
  ) as [[number, number], [number, number], [number, number]];
  assert(left < right && right < 860 && top < bottom && bottom < 440);
  assert(Math.abs(middleX - (left + right) / 2) <= 0.1);
  assert(Math.abs(middleY - (bottom - (bottom - top) / 4)) <= 0.1);
});

Deno.test("drawPlot() draws steps that hold until the next point, and the last as long", () => {
  const corners = cornersOf(
    drawPlot({
      ...PLOT,
      lines: [{ label: "", points: [[0, 50], [1, 100]], steps: true }],
    }),
  );
  const xs = [...new Set(corners.map(([x]) => x))];
  const ys = [...new Set(corners.map(([, y]) => y))];
  assertEquals(
    corners.map(([x, y]) => [xs.indexOf(x), ys.indexOf(y)]),
    [[0, 0], [1, 0], [1, 1], [2, 1]],
  );
});

Deno.test("drawPlot() draws a single step and a line without points", () => {
  const svg = drawPlot({
    ...PLOT,
    lines: [
      { label: "one", points: [[3, 1]], steps: true, filled: true },
      { label: "none", points: [], steps: true, filled: true },
    ],
  });
  assertEquals(cornersOf(svg).length, 2);
  assertEquals(svg.match(/class="fill/g)?.length, 1);
  assert(!/NaN|Infinity|undefined/.test(svg), svg);
});

Deno.test("drawPlot() draws nothing but axes where there are no values, or only zeros", () => {
  for (const points of [[], [[0, 0]], [[0, 0], [0, 0]]] as const) {
    const svg = drawPlot({ ...PLOT, lines: [{ label: "", points }] });
    assert(!/NaN|Infinity|undefined/.test(svg), svg);
  }
});

Deno.test("drawPlot() ends the y axis with a round number, and the x axis with the last value", () => {
  const svg = drawPlot({
    ...PLOT,
    lines: [{ label: "", points: [[0, 0.1], [7.5, 214_958]] }],
  });
  const texts = textsOf(svg);
  assert(texts.includes("250,000"));
  assert(texts.includes("6") && !texts.includes("8"));
  assertEquals(cornersOf(svg).at(-1)![0], 832);
});

for (
  const [end, ticks] of [
    [0.004, "0 0.001 0.002 0.003 0.004"],
    [0.3, "0 0.05 0.1 0.15 0.2 0.25 0.3"],
    [1, "0 0.2 0.4 0.6 0.8 1"],
    [7, "0 2 4 6 8"],
    [60, "0 10 20 30 40 50 60"],
    [61, "0 20 40 60 80"],
    [1_000_001, "0 200,000 400,000 600,000 800,000 1,000,000 1,200,000"],
  ] as const
) {
  Deno.test(`drawPlot() counts up to ${end} in round steps`, () => {
    const svg = drawPlot({
      ...PLOT,
      lines: [{ label: "", points: [[0, end]] }],
    });
    assertEquals(
      textsOf(svg).filter((text) => /^[0-9.,]+$/.test(text)).join(" "),
      `${ticks} 0 0.2 0.4 0.6 0.8 1`,
    );
  });
}

Deno.test("drawPlot() leaves the numbers of the y axis room beside its label", () => {
  for (const end of [1, 1e12]) {
    const svg = drawPlot({
      ...PLOT,
      lines: [{ label: "", points: [[0, end]] }],
    });
    const [, x, label] = /x="([0-9.]+)"[^>]*text-anchor="end">(1[^<]*)</
      .exec(svg)!;
    assert(Number(x) - label!.length * 7.2 > 36, label);
  }
});

Deno.test("drawPlot() names a mark on the side where there is room", () => {
  const svg = drawPlot({
    ...PLOT,
    marks: [{ x: 1, label: "early" }, { x: 10, label: "late" }],
  });
  assert(/<text [^>]*>early</.exec(svg)![0].includes("text-anchor") === false);
  assertStringIncludes(
    /<text [^>]*>late</.exec(svg)![0],
    'text-anchor="end"',
  );
});

Deno.test("drawPlot() gives every line a colour of its own, on a light and on a dark ground", () => {
  const lines = Array.from(
    { length: 6 },
    (_, index) => ({ label: `l${index}`, points: [[0, index]] as const }),
  );
  const svg = drawPlot({ ...PLOT, lines });
  const colors = [...svg.matchAll(/\.line\.c\d \{ stroke: (#\w+)/g)]
    .map((match) => match[1]);
  assertEquals(new Set(colors).size, 12);
  assertStringIncludes(svg, "@media (prefers-color-scheme: dark)");
  assertThrows(
    () => drawPlot({ ...PLOT, lines: [...lines, lines[0]!] }),
    RangeError,
    'colours for "6" lines',
  );
});

for (const value of [NaN, Infinity, -1]) {
  Deno.test(`drawPlot() refuses the value ${value}`, () => {
    for (const point of [[0, value], [value, 0]] as const) {
      assertThrows(
        () => drawPlot({ ...PLOT, lines: [{ label: "", points: [point] }] }),
        RangeError,
        `"${value}" cannot be drawn`,
      );
    }
    assertThrows(
      () => drawPlot({ ...PLOT, marks: [{ x: value, label: "" }] }),
      RangeError,
    );
  });
}

Deno.test("drawPlot() writes any text as text", () => {
  const svg = drawPlot({
    ...PLOT,
    title: '<a> & "b"',
    yLabel: "<y>",
    lines: [{ label: "<l>", points: [[0, 1]] }],
  });
  assertEquals(svg.match(/&lt;a&gt; &amp; &quot;b&quot;/g)?.length, 2);
  assertStringIncludes(svg, "&lt;y&gt;");
  assertStringIncludes(svg, "&lt;l&gt;");
  assert(!svg.includes("<a>") && !svg.includes("<y>") && !svg.includes("<l>"));
});

Deno.test("drawPlot() takes a hundred thousand points", () => {
  const points = Array.from(
    { length: 100_000 },
    (_, index) => [index, index % 7] as const,
  );
  drawPlot({ ...PLOT, lines: [{ label: "", points, steps: true }] });
});
