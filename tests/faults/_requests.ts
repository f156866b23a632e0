/** The words for a platform's log lines. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\?comp=goalstate -> 200\b/, "goal state"],
  [/\?comp=health -> 200 \(Ready\b/, "Ready"],
  [/\?comp=health -> 200 \(NotReady\b/, "NotReady"],
  [/\/metadata\/instance\S* -> 200\b/, "metadata"],
];

/**
 * Says in short what a platform was asked, each kind of request once with how often;
 * the order of requests that run at the same time is chance.
 *
 * @param lines The lines of its log.
 * @returns Such as `goal state, metadata, Ready`, or `nothing`.
 */
export function requestsOf(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, word = line] = WORDS.find(([regexp]) => regexp.test(line)) ?? [];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const order = WORDS.map(([, word]) => word).sort();
  return [...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([word, count]) => count === 1 ? word : `${count} x ${word}`)
    .join(", ") || "nothing";
}
