/** The summary of many measurements. */
export interface Summary {
  /** The value that a quarter of the measurements do not exceed. */
  readonly lower: number;
  /** The median. */
  readonly median: number;
  /** The value that three quarters of the measurements do not exceed. */
  readonly upper: number;
  /** How many measurements there are. */
  readonly count: number;
}

/**
 * The value below which a part of the values lies; between two of them, in proportion.
 *
 * @param values The values, in any order; at least one.
 * @param part The part, from 0 to 1.
 * @throws {RangeError} If there are no values.
 */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError("There are no values");
  const sorted = values.toSorted((a, b) => a - b);
  const position = part * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** The median of values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Sums measurements up.
 *
 * @param values The measurements; at least one.
 */
export function summarize(values: readonly number[]): Summary {
  return {
    lower: quantile(values, 0.25),
    median: median(values),
    upper: quantile(values, 0.75),
    count: values.length,
  };
}

/**
 * Compares two things that were measured alternately: the ratio is taken within each
 * round, so that what slows a whole round down does not count.
 *
 * @param values What is compared, a value a round.
 * @param base What it is compared with, a value a round.
 * @returns The ratios, summed up.
 * @throws {RangeError} If the rounds are not the same number, or none.
 */
export function ratios(
  values: readonly number[],
  base: readonly number[],
): Summary {
  if (values.length !== base.length) {
    throw new RangeError(
      `${values.length} values cannot be held against ${base.length}`,
    );
  }
  return summarize(values.map((value, round) => value / base[round]!));
}
