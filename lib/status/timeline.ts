/** How many characters a timeline has. */
export const TIMELINE_WIDTH = 30;

/**
 * Draws when something began and ended.
 *
 * @param startMs When it began, in milliseconds since the run did.
 * @param endMs When it ended, likewise.
 * @param totalMs How long the run took.
 * @returns {@linkcode TIMELINE_WIDTH} characters; what took no time is a single dot.
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
 * Writes a time for people.
 *
 * @param ms Milliseconds.
 * @returns Such as `0.4 ms`, `12 ms`, `3.45 s` or `20 min 0 s`.
 */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
