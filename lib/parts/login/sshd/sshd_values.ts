import type { SshdLine } from "./sshd_lines.ts";
import { matchesHold, type SshdUser } from "./sshd_match.ts";

/**
 * Finds the lines that may be the one that counts for a user: the first value in a
 * `Match` that applies, or else the first outside.
 *
 * @param keywords The keyword in lower case, and its other names.
 * @returns The lines, the last one being that which counts if nothing else is known;
 * `undefined` for the default.
 */
export function possibleLines(
  keywords: readonly string[],
  lines: readonly SshdLine[],
  user: SshdUser,
): (SshdLine | undefined)[] {
  const own = lines.filter(({ keyword }) => keywords.includes(keyword));
  const possible: SshdLine[] = [];
  for (const line of own.filter(({ matches }) => matches.length > 0)) {
    const holds = matchesHold(line.matches, user);
    if (holds !== "no") possible.push(line);
    if (holds === "yes") return possible;
  }
  return [...possible, own.find(({ matches }) => matches.length === 0)];
}

/** The lines of a keyword whose values add up, such as `AllowUsers`. */
export interface ListLines {
  /** Those that certainly count. */
  readonly certain: readonly SshdLine[];
  /** Those in a `Match` that may apply, and then replace those outside. */
  readonly possible: readonly SshdLine[];
}

/**
 * Finds the lines of such a keyword that count for a user. Those in a `Match` that applies
 * replace those outside.
 */
export function listLines(
  wanted: string,
  lines: readonly SshdLine[],
  user: SshdUser,
): ListLines {
  const own = lines.filter(({ keyword }) => keyword === wanted);
  const inMatch = own.filter(({ matches }) => matches.length > 0)
    .map((line) => ({ line, holds: matchesHold(line.matches, user) }));
  const linesThat = (holds: "yes" | "maybe") =>
    inMatch.filter((it) => it.holds === holds).map(({ line }) => line);
  const certain = linesThat("yes");
  return {
    certain: certain.length > 0
      ? certain
      : own.filter(({ matches }) => matches.length === 0),
    possible: linesThat("maybe"),
  };
}
