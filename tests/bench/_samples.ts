/** The condition of a run. */
export type Condition =
  /** With its files on disk only. */
  | "cold"
  /** With its files in the page cache. */
  | "warm"
  /** Warm, with a slow platform. */
  | "delayed";

/** The cost of one run. */
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
  /** The bytes read from disk. */
  readonly readBytes: number;
}

/** The memory of one run. */
export interface MemorySample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** It ran in a control group of its own. */
  readonly condition: "memory";
  /** The largest resident set of one of its processes, in bytes. */
  readonly residentBytes: number;
  /** The memory that the kernel could not reclaim, in bytes. */
  readonly unevictableBytes: number;
}

/** The system calls of one run. */
export interface TraceSample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** It ran under strace. */
  readonly condition: "trace";
  /** The file with the system calls, as strace writes them. */
  readonly file: string;
}

/** The instructions of one run, which do not depend on what else the machine does. */
export interface CountSample {
  /** The program's name. */
  readonly name: string;
  /** The number of the round. */
  readonly round: number;
  /** It ran under valgrind. */
  readonly condition: "count";
  /** The instructions of the program itself, without those that it started. */
  readonly instructions: number;
}

/** One measurement. */
export type Sample = TimedSample | MemorySample | TraceSample | CountSample;

/**
 * Picks the runs of a program.
 *
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

/**
 * Picks the runs of a program that were counted.
 *
 * @returns Its runs, by round.
 */
export function counted(
  samples: readonly Sample[],
  name: string,
): CountSample[] {
  return samples.filter((it): it is CountSample =>
    it.name === name && it.condition === "count"
  ).sort(byRound);
}

function byRound(a: Sample, b: Sample): number {
  return a.round - b.round;
}
