import type { ContestantName } from "./_contestants.ts";
import {
  type Condition,
  type Sample,
  timed,
  type TimedSample,
  weighed,
} from "./_samples.ts";
import { ratios, type Summary } from "./_statistics.ts";

/** A target. */
export interface Target {
  /** What is compared. */
  readonly title: string;
  /** The most that it may be; without it, lower is better. */
  readonly most?: number | undefined;
  /** The value in each round. */
  readonly measured: Summary;
}

interface Comparison {
  readonly condition: Condition;
  readonly cost: "wallMs" | "cpuMs";
  readonly ours: ContestantName;
  readonly other: ContestantName;
  readonly most?: number | undefined;
}

const COMPARISONS: readonly Comparison[] = [
  ...(["wallMs", "cpuMs"] as const).flatMap((cost): Comparison[] => [
    {
      ...{ condition: "warm", cost, ours: "ours-unnamed", other: "empty" },
      most: 1.15,
    },
    {
      ...{ condition: "warm", cost, ours: "ours-unnamed", other: "script" },
      most: 0.7,
    },
    { condition: "warm", cost, ours: "ours", other: "article", most: 0.5 },
    { condition: "warm", cost, ours: "ours", other: "shell" },
    // How near the targets anything in Deno can come.
    { condition: "warm", cost, ours: "deno", other: "empty" },
    { condition: "warm", cost, ours: "empty", other: "script" },
    { condition: "warm", cost, ours: "empty", other: "article" },
  ]),
  {
    ...{ condition: "cold", cost: "wallMs" },
    ...{ ours: "ours-unnamed", other: "empty", most: 1.1 },
  },
  { condition: "cold", cost: "wallMs", ours: "ours", other: "article" },
  { condition: "cold", cost: "wallMs", ours: "deno", other: "empty" },
];

const WORDS: Readonly<Record<string, string>> = {
  wallMs: "wall",
  cpuMs: "CPU",
  ours: "with the host name",
  "ours-unnamed": "host-name tool aside",
  empty: "the empty program",
  script: "the article's script alone",
  article: "the article's whole first boot",
  shell: "sh with curl",
  deno: "the script in Deno",
};

/**
 * Holds the measurements against the targets.
 *
 * @param delayMs How long the slow platform took to answer.
 * @returns The targets; those for which something was not measured are left out.
 */
export function holdAgainstTargets(
  samples: readonly Sample[],
  delayMs: number,
): Target[] {
  const targets: Target[] = [];
  for (const { condition, cost, ours, other, most } of COMPARISONS) {
    const [own, base] = [ours, other].map((name) =>
      timed(samples, name, condition).map((it) => it[cost])
    ) as [number[], number[]];
    if (own.length === 0 || base.length === 0) continue;
    targets.push({
      title: `${condition} ${WORDS[cost]}, ${WORDS[ours]} / ${WORDS[other]}`,
      measured: ratios(own, base),
      most,
    });
  }
  const [own, empty, base] = (["ours", "empty", "script"] as const).map((
    name,
  ) => weighed(samples, name).map((it) => it.unevictableBytes)) as [
    number[],
    number[],
    number[],
  ];
  if (own.length > 0 && base.length > 0) {
    targets.push({
      title: `unevictable memory / ${WORDS.script}`,
      most: 1.2,
      measured: ratios(own, base),
    });
  }
  if (empty.length > 0 && base.length > 0) {
    targets.push({
      title: `unevictable memory, ${WORDS.empty} / ${WORDS.script}`,
      measured: ratios(empty, base),
    });
  }
  const waits = answersWaitedFor(samples, delayMs);
  if (waits !== undefined) targets.push(waits);
  return targets;
}

/** The time that a slow platform adds, in answers; its timer may be late by a tenth. */
function answersWaitedFor(
  samples: readonly Sample[],
  delayMs: number,
): Target | undefined {
  const wall = (condition: Condition) =>
    timed(samples, "ours-unnamed", condition)
      .map((it: TimedSample) => it.wallMs);
  const [slow, quick] = [wall("delayed"), wall("warm")];
  if (slow.length === 0 || slow.length !== quick.length) return undefined;
  return {
    title: `answers waited for, one after the other, of ${delayMs} ms each`,
    most: 2.2,
    measured: ratios(
      slow.map((ms, round) => ms - quick[round]!),
      slow.map(() => delayMs),
    ),
  };
}
