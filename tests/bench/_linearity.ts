/** A size and its cost. */
export interface Point {
  /** The size. */
  readonly size: number;
  /** The cost, in any unit. */
  readonly cost: number;
}

/** A straight line through points. */
export interface Line {
  /** The cost at size zero. */
  readonly base: number;
  /** The cost for each unit of size. */
  readonly perUnit: number;
  /**
   * The cost of the last unit of size over that of a unit in the middle: 1 for a
   * straight line, 2 or more where the cost grows with the square of the size.
   */
  readonly bend: number;
}

/**
 * Fits a line to points, by least squares, and tells how straight they are.
 *
 * @param points The points, by size; at least 3.
 * @throws {RangeError} If there are fewer points.
 */
export function lineThrough(points: readonly Point[]): Line {
  if (points.length < 3) {
    throw new RangeError("Cannot fit a line to fewer than three points");
  }
  const meanSize = mean(points.map(({ size }) => size));
  const meanCost = mean(points.map(({ cost }) => cost));
  let covariance = 0;
  let variance = 0;
  for (const { size, cost } of points) {
    covariance += (size - meanSize) * (cost - meanCost);
    variance += (size - meanSize) ** 2;
  }
  const perUnit = covariance / variance;
  const [before, middle, last] = points.slice(-3) as [Point, Point, Point];
  return {
    base: meanCost - perUnit * meanSize,
    perUnit,
    bend: slope(middle, last) / slope(before, middle),
  };
}

function slope(from: Point, to: Point): number {
  return (to.cost - from.cost) / (to.size - from.size);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
