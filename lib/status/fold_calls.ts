import type { Call } from "../record/record.ts";
import { withoutNumbers } from "../without_numbers.ts";

/** Calls that asked for the same and ended the same. */
export interface FoldedCalls {
  /** The first of them. */
  readonly first: Call;
  /** The last of them; the first itself if it is the only one. */
  readonly last: Call;
  /** How many there are. */
  readonly count: number;
}

/**
 * Folds calls to the platform that ended the same, even if others came in between.
 * Different numbers and ids in the reason make no difference.
 *
 * @param calls The calls, in the order in which they ended.
 * @returns The folded calls, in the order of their first ones.
 */
export function foldCalls(calls: readonly Call[]): FoldedCalls[] {
  const folded = new Map<string, FoldedCalls>();
  for (const call of calls) {
    const { what, ok, status, why = "" } = call;
    const key = JSON.stringify([what, ok, status, withoutNumbers(why)]);
    const { first, count } = folded.get(key) ?? { first: call, count: 0 };
    folded.set(key, { first, last: call, count: count + 1 });
  }
  return [...folded.values()];
}
