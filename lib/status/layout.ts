import { escapeUnprintable } from "../escape_unprintable.ts";

/** The width of a page, in characters, unless a terminal is narrower. */
export const PAGE_WIDTH = 80;

/** A narrower terminal breaks lines itself. */
const LEAST_WIDTH = 40;

/**
 * Returns the width of a page.
 *
 * @param columns The terminal's columns; `undefined` if there is no terminal.
 */
export function pageWidth(columns: number | undefined): number {
  // A serial line without a size has 0 columns.
  if (columns === undefined || columns === 0) return PAGE_WIDTH;
  return Math.max(LEAST_WIDTH, Math.min(PAGE_WIDTH, columns));
}

/** Options of {@linkcode wrap}. */
export interface WrapOptions {
  /**
   * The start of all lines but the first.
   *
   * @default {""}
   */
  readonly indent?: string;
  /** The longest line, in characters. */
  readonly width: number;
}

/**
 * Breaks text into lines, at blanks if possible.
 *
 * @param first The start of the first line.
 * @returns Lines none of which starts with a command to a CI system.
 */
export function wrap(
  first: string,
  text: string,
  { indent = "", width }: WrapOptions,
): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const length = width - indent.length;
  for (const word of text.split(" ").flatMap((it) => pieces(it, length))) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Any piece may start a line, so each is escaped. */
function pieces(text: string, length: number): string[] {
  const word = escapeUnprintable(text);
  if (word.length <= length) return [word];
  return [word.slice(0, length), ...pieces(word.slice(length), length)];
}

/** The width of a timeline, in characters. */
export const TIMELINE_WIDTH = 30;

/**
 * Draws a span of time on a timeline.
 *
 * @param startMs When it began, in milliseconds since the run began.
 * @param endMs When it ended, in milliseconds since the run began.
 * @param totalMs How long the run took.
 * @returns {@linkcode TIMELINE_WIDTH} characters; a span of no length is a single dot.
 */
export function drawSpan(
  startMs: number,
  endMs: number,
  totalMs: number,
): string {
  const column = (ms: number) =>
    totalMs <= 0 ? 0 : Math.min(1, ms / totalMs) * TIMELINE_WIDTH;
  const from = Math.min(TIMELINE_WIDTH - 1, Math.floor(column(startMs)));
  const to = Math.max(from + 1, Math.ceil(column(endMs)));
  const mark = endMs === startMs ? "." : "#".repeat(to - from);
  return (" ".repeat(from) + mark).padEnd(TIMELINE_WIDTH);
}

/**
 * Formats a duration for people.
 *
 * @returns Such as `0.4 ms`, `12 ms`, `3.45 s` or `20 min 0 s`.
 */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
