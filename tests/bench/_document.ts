import { drawPlot } from "../plot/_plot.ts";
import { type Bar, drawBars } from "./_bars.ts";
import type { Contestant } from "./_contestants.ts";
import type { Cost, Growth } from "./_growth.ts";
import { lineThrough } from "./_linearity.ts";
import type { Phase } from "./_phases.ts";
import { type Condition, type Sample, timed, weighed } from "./_samples.ts";
import type { AddedSize } from "./_sizes.ts";
import { median, summarize } from "./_statistics.ts";
import { markdownTable, megabytes, spread } from "./_table.ts";
import { holdAgainstTargets } from "./_targets.ts";

/** All measurements, and how they were made. */
export interface Findings {
  /** The machine and the versions, a line each. */
  readonly machine: readonly string[];
  /** The date. */
  readonly date: string;
  /** The command that measures again. */
  readonly command: string;
  /** How many rounds there were. */
  readonly rounds: number;
  /** How a run was made cold. */
  readonly cold: "evict" | "drop";
  /** How long the slow platform took to answer, in milliseconds. */
  readonly delayMs: number;
  /** The programs that were measured. */
  readonly contestants: readonly Contestant[];
  /** The programs that were not, and why. */
  readonly leftOut: readonly string[];
  /** The measurements. */
  readonly samples: readonly Sample[];
  /** The phases of a run, by contestant. */
  readonly phases: ReadonlyMap<string, readonly Phase[]>;
  /** What each adds to a minimal root, by contestant. */
  readonly sizes: ReadonlyMap<string, AddedSize>;
  /** How costs grow. */
  readonly growths: readonly Growth[];
  /** What `tools/dev bench:boot` has written. */
  readonly boots: string;
}

const COLD_WORDS = {
  evict: "each of its files evicted from the page cache first",
  drop: "the whole page cache dropped first",
} as const;

/** Writes the measured parts of the document, by the names of their places in the template. */
export function documentParts(findings: Findings): Record<string, string> {
  return {
    machine: machinePart(findings),
    targets: targetsPart(findings),
    warm: timedPart(findings, "warm"),
    cold: timedPart(findings, "cold"),
    memory: memoryPart(findings),
    sizes: sizesPart(findings),
    delayed: timedPart(findings, "delayed"),
    phases: phasesPart(findings),
    growth: growthPart(findings),
    boots: findings.boots.trim(),
  };
}

/**
 * Puts each measured part into the template, in place of the comment that names it.
 *
 * @throws {Error} If a part has no place, or a place no part.
 */
export function fillTemplate(
  template: string,
  parts: Readonly<Record<string, string>>,
): string {
  const open = new Set(Object.keys(parts));
  const filled = template.replaceAll(/^<!-- ([a-z]+) -->$/gm, (_, name) => {
    if (!open.delete(name)) {
      throw new Error(
        `The template has a place for "${name}", which is not a part`,
      );
    }
    return parts[name]!;
  });
  if (open.size > 0) {
    throw new Error(`The template has no place for "${[...open].join()}"`);
  }
  return filled;
}

/**
 * Draws the plots.
 *
 * @returns The SVGs, by the name of their file.
 */
export function plots(findings: Findings): Record<string, string> {
  const { samples, contestants, growths } = findings;
  const bars = (
    title: string,
    unit: string,
    valuesOf: (name: string) => readonly number[],
  ) =>
    drawBars({
      title,
      unit,
      bars: contestants.flatMap(({ name, title }): Bar[] => {
        const values = valuesOf(name);
        return values.length === 0 ? [] : [{
          label: title,
          summary: summarize(values),
          own: name.startsWith("ours"),
        }];
      }),
    });
  const wall = (condition: Condition) => (name: string) =>
    timed(samples, name, condition).map((it) => it.wallMs);
  return {
    "performance_warm.svg": bars("Wall time, warm", "ms", wall("warm")),
    "performance_cold.svg": bars("Wall time, cold", "ms", wall("cold")),
    "performance_memory.svg": bars(
      "Unevictable memory",
      "MB",
      (name) => weighed(samples, name).map((it) => it.unevictableBytes / 1e6),
    ),
    ...Object.fromEntries(growths.map((growth) => [
      growthFile(growth),
      drawPlot({
        title: growth.title,
        xLabel: growth.unit,
        yLabel: "ms",
        lines: (["wallMs", "cpuMs"] as const).map((cost) => ({
          label: cost === "wallMs" ? "wall" : "CPU",
          points: growth.costs.map((it) => [it.size, it[cost]] as const),
        })),
      }),
    ])),
  };
}

function machinePart(
  { machine, date, command, rounds, cold, leftOut }: Findings,
): string {
  return [
    `Measured on ${date} in ${rounds} rounds, with \`${command}\`; cold is with ${
      COLD_WORDS[cold]
    }.`,
    "",
    ...machine.map((line) => `- ${line}`),
    ...leftOut.map((line) => `- Not measured here: ${line}`),
  ].join("\n");
}

function targetsPart({ samples, delayMs }: Findings): string {
  const targets = holdAgainstTargets(samples, delayMs);
  return markdownTable(
    ["Compared", "At most", "Measured", "Met"],
    targets.map(({ title, most, measured }) => [
      title,
      most?.toFixed(2) ?? "",
      spread(measured, 2),
      most === undefined ? "" : measured.median <= most ? "yes" : "no",
    ]),
  );
}

function timedPart(
  { contestants, samples }: Findings,
  condition: Condition,
): string {
  const rows = contestants.flatMap(({ name, title }) => {
    const runs = timed(samples, name, condition);
    return runs.length === 0 ? [] : [[
      title,
      spread(summarize(runs.map((it) => it.wallMs))),
      spread(summarize(runs.map((it) => it.cpuMs))),
      megabytes(median(runs.map((it) => it.readBytes))),
    ]];
  });
  return markdownTable(["", "Wall, ms", "CPU, ms", "Read, MB"], rows);
}

function memoryPart({ contestants, samples }: Findings): string {
  const rows = contestants.flatMap(({ name, title }) => {
    const runs = weighed(samples, name);
    return runs.length === 0 ? [] : [[
      title,
      megabytes(median(runs.map((it) => it.residentBytes))),
      megabytes(median(runs.map((it) => it.unevictableBytes))),
    ]];
  });
  return markdownTable(["", "Resident, MB", "Unevictable, MB"], rows);
}

function sizesPart({ contestants, sizes }: Findings): string {
  const rows = contestants.flatMap(({ name, title }) => {
    const size = sizes.get(name);
    return size === undefined ? [] : [[
      title,
      String(size.files),
      megabytes(size.bytes),
      megabytes(size.xzBytes),
      megabytes(size.zstdBytes),
    ]];
  });
  return markdownTable(["", "Files", "MB", "xz, MB", "zstd, MB"], rows);
}

function phasesPart({ contestants, phases }: Findings): string {
  const measured = contestants.filter(({ name }) => phases.has(name));
  const names = new Set(
    measured.flatMap(({ name }) => phases.get(name)!.map((it) => it.name)),
  );
  const msOf = (contestant: string, phase: string) =>
    phases.get(contestant)!.find((it) => it.name === phase)?.ms.toFixed(1) ??
      "";
  return markdownTable(
    ["Phase, ms", ...measured.map(({ title }) => title)],
    [...names].map((phase) => [
      phase,
      ...measured.map(({ name }) => msOf(name, phase)),
    ]),
  );
}

function growthPart({ growths }: Findings): string {
  return growths.map((growth) => {
    const { title, unit, memory, costs } = growth;
    const line = lineThrough(
      costs.map(({ size, cpuMs }) => ({ size, cost: cpuMs })),
    );
    const rows = costs.map((it: Cost) => [
      it.size.toLocaleString("en"),
      it.wallMs.toFixed(1),
      it.cpuMs.toFixed(1),
      megabytes(it.memoryBytes),
    ]);
    return `### ${title}

${
      markdownTable(
        [`Size, ${unit}`, "Wall, ms", "CPU, ms", `${memory}, MB`],
        rows,
      )
    }

${(line.perUnit * 1000).toFixed(2)} ms of CPU for each 1,000 ${unit}.

![${title}](${growthFile(growth)})`;
  }).join("\n\n");
}

function growthFile({ title }: Growth): string {
  const words = title.toLowerCase().split(/[^a-z]+/).filter((it) => it !== "");
  return `performance_${words.slice(0, 3).join("_")}.svg`;
}
