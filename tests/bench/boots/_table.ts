import { markdownTable, spread } from "../_table.ts";
import { ratios, summarize, type Summary } from "../_statistics.ts";
import type { BootTimes } from "./_times.ts";

/** The rounds of one variant on one root. */
export interface BootRow {
  /** The root's name. */
  readonly root: string;
  /** The variant's name. */
  readonly name: string;
  /** The variant's name in the document. */
  readonly title: string;
  /** A boot a round; `undefined` if it was not to the end, such as without Ready in time. */
  readonly rounds: readonly (BootTimes | undefined)[];
  /** Why it has no rounds. */
  readonly absent?: string | undefined;
}

/** The variant that the others are held against. */
const BASE = "disabled";

/** The times of a row's rounds that both rows have. */
function paired(
  row: BootRow,
  base: BootRow | undefined,
  key: keyof BootTimes,
): [number[], number[]] {
  const own: number[] = [], others: number[] = [];
  row.rounds.forEach((times, round) => {
    const [value, other] = [times?.[key], base?.rounds[round]?.[key]];
    if (value === undefined || other === undefined) return;
    own.push(value);
    others.push(other);
  });
  return [own, others];
}

/** What a row adds to the same rounds of another, in milliseconds. */
export function added(
  row: BootRow,
  base: BootRow | undefined,
  key: keyof BootTimes,
): Summary | undefined {
  const [own, others] = paired(row, base, key);
  return own.length === 0
    ? undefined
    : summarize(own.map((value, index) => value - others[index]!));
}

/** A row's times as a share of another's in the same rounds. */
export function shareOf(
  row: BootRow,
  base: BootRow | undefined,
  key: keyof BootTimes,
): Summary | undefined {
  const [own, others] = paired(row, base, key);
  return own.length === 0 ? undefined : ratios(own, others);
}

/** Writes the rows of one root as a table: medians, with their quartiles. */
export function bootTable(rows: readonly BootRow[]): string {
  const base = rows.find(({ name }) => name === BASE);
  const cells = (row: BootRow, key: keyof BootTimes) => {
    const values = row.rounds.map((times) => times?.[key])
      .filter((value) => value !== undefined);
    return values.length === 0 ? "-" : spread(summarize(values), 0);
  };
  const plus = (row: BootRow, key: keyof BootTimes) => {
    const more = row === base ? undefined : added(row, base, key);
    return more === undefined ? "-" : spread(more, 0);
  };
  return markdownTable(
    [
      "",
      "sysinit to Ready",
      "start to Ready",
      "whole boot",
      "adds to it",
      "to sshd",
      "adds to it",
    ],
    rows.map((row) =>
      row.absent !== undefined
        ? [`${row.title}: ${row.absent}`, "-", "-", "-", "-", "-", "-"]
        : [
          row.title,
          cells(row, "toReady"),
          cells(row, "startToReady"),
          cells(row, "boot"),
          plus(row, "boot"),
          cells(row, "toSshd"),
          plus(row, "toSshd"),
        ]
    ),
  );
}
