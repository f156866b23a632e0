/** How a program was run. */
export type Condition =
  /** With its files on disk only. */
  | "cold"
  /** With its files in the page cache. */
  | "warm"
  /** Warm, with a platform that takes its time. */
  | "delayed";

/** What one run cost. */
export interface TimedSample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** How it was run. */
  readonly condition: Condition;
  /** From start to end, in milliseconds. */
  readonly wallMs: number;
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
  /** What was read from disk, in bytes. */
  readonly readBytes: number;
}

/** What one run held in memory. */
export interface MemorySample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** It was in a control group of its own. */
  readonly condition: "memory";
  /** The largest resident set of one of its processes, in bytes. */
  readonly residentBytes: number;
  /** What the kernel could not take back, in bytes. */
  readonly unevictableBytes: number;
}

/** What one run asked of the kernel. */
export interface TraceSample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** It was watched by strace. */
  readonly condition: "trace";
  /** The file with the system calls, as strace writes them. */
  readonly file: string;
}

/** One measurement. */
export type Sample = TimedSample | MemorySample | TraceSample;

/**
 * Picks the runs of a program.
 *
 * @param samples All samples.
 * @param name The program's name.
 * @param condition How it was run.
 * @returns Its runs, by round.
 */
export function timed(
  samples: readonly Sample[],
  name: string,
  condition: Condition,
): TimedSample[] {
  return samples.filter((it): it is TimedSample =>
    it.name === name && it.condition === condition
  ).sort(byRound);
}

/**
 * Picks the runs of a program that were weighed.
 *
 * @param samples All samples.
 * @param name The program's name.
 * @returns Its runs, by round.
 */
export function weighed(
  samples: readonly Sample[],
  name: string,
): MemorySample[] {
  return samples.filter((it): it is MemorySample =>
    it.name === name && it.condition === "memory"
  ).sort(byRound);
}

function byRound(a: Sample, b: Sample): number {
  return a.round - b.round;
}
