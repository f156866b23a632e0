/**
 * Finds the known name that a user probably meant.
 *
 * @returns The nearest name, or `undefined` if none is near.
 */
export function nearestName(
  typed: string,
  names: readonly string[],
): string | undefined {
  const start = typed.slice(0, 64);
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(start.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(start, name);
    if (distance < least) {
      nearest = name;
      least = distance;
    }
  }
  return nearest;
}

/** Returns the Levenshtein distance: the number of insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      ));
    }
    row = next;
  }
  return row[b.length]!;
}
