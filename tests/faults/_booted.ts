import type { BootedEnd, FaultCase, Outcome } from "./_fault_case.ts";
import type { MachineChapter } from "./machine/mod.ts";

/** How both starts of the unit have to end on a booted machine; `undefined` if it is not booted. */
export function bootedOutcomes(
  { isBooted }: Pick<MachineChapter, "isBooted">,
  { first, next, booted = {} }: FaultCase,
): readonly [BootedEnd, BootedEnd] | undefined {
  if (isBooted !== true || booted.obstacle !== undefined) return undefined;
  return [booted.first ?? endOf(first), booted.next ?? endOf(next)];
}

function endOf({ code, requests }: Outcome): BootedEnd {
  return { code, ...(requests === undefined ? {} : { requests }) };
}

/**
 * Writes what becomes of a fault on a booted machine as a cell.
 *
 * @returns Such as `0, then 0`.
 */
export function bootedCell(
  chapter: Pick<MachineChapter, "isBooted">,
  row: FaultCase,
): string {
  const ends = bootedOutcomes(chapter, row);
  if (ends === undefined) return row.booted?.obstacle ?? "-";
  return ends.map(({ code, fallback }) =>
    fallback === undefined ? `${code}` : `${code}, and the fallback ${fallback}`
  ).join(", then ");
}
