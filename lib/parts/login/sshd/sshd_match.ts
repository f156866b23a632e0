/** Whether something holds of a connection of which only the user is known. */
export type Perhaps = "yes" | "no" | "maybe";

/** The user who connects, as sshd sees it. */
export interface SshdUser {
  /** The user's name. */
  readonly name: string;
  /** The user's id. */
  readonly uid: number;
  /** The home folder, as passwd(5) has it. */
  readonly home: string;
  /** The names of the user's groups; `undefined` if they are not known. */
  readonly groups: readonly string[] | undefined;
}

/**
 * Matches a text as OpenSSH does (`match_pattern` in match.c): `*` and `?` alone are
 * special, and letters are as they are.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let [star, resume] = [-1, 0];
  let in_ = 0;
  // Goes back to the last star only, which is enough, and never takes exponential time.
  while (at < text.length) {
    if (pattern[in_] === "*") {
      star = in_++;
      resume = at;
    } else if (
      in_ < pattern.length &&
      (pattern[in_] === "?" || pattern[in_] === text[at])
    ) {
      in_++;
      at++;
    } else if (star !== -1) {
      in_ = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[in_] === "*") in_++;
  return in_ === pattern.length;
}

/**
 * Matches a text with a list such as `a*,!ab` (`match_pattern_list`).
 *
 * @returns Whether a pattern matches, and none that is negated.
 */
export function matchesList(text: string, list: string): boolean {
  const patterns = list.split(",");
  const negated = patterns.filter((it) => it.startsWith("!"));
  return !negated.some((it) => matchesPattern(text, it.slice(1))) &&
    patterns.some((it) => !it.startsWith("!") && matchesPattern(text, it));
}

/**
 * Whether the criteria of a `Match` hold for a user. Of where a connection comes from
 * nothing is known.
 *
 * @param criteria Such as `User azure Address 10.*`.
 */
export function matchHolds(criteria: string, user: SshdUser): Perhaps {
  const words = criteria.trim().split(/[ \t]+/).flatMap((word) => {
    const at = word.indexOf("=");
    return at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word];
  });
  let result: Perhaps = "yes";
  for (let at = 0; at < words.length; at++) {
    const name = words[at]!.toLowerCase();
    if (name === "all") continue;
    if (name === "invalid-user") return "no";
    const holds = criterionHolds(name, words[++at] ?? "", user);
    if (holds === "no") return "no";
    if (holds === "maybe") result = "maybe";
  }
  return result;
}

function criterionHolds(
  name: string,
  value: string,
  { name: user, groups }: SshdUser,
): Perhaps {
  if (name === "user") return matchesList(user, value) ? "yes" : "no";
  if (name !== "group" || groups === undefined) return "maybe";
  // A negated pattern counts for each group (`ga_match_pattern_list`).
  const negated = value.split(",").filter((it) => it.startsWith("!"));
  const isNegated = groups.some((group) =>
    negated.some((it) => matchesPattern(group, it.slice(1)))
  );
  return !isNegated && groups.some((group) => matchesList(group, value))
    ? "yes"
    : "no";
}

/** Whether all of the blocks that a line is in apply to a user. */
export function matchesHold(
  matches: readonly string[],
  user: SshdUser,
): Perhaps {
  const each = matches.map((criteria) => matchHolds(criteria, user));
  return each.includes("no") ? "no" : each.includes("maybe") ? "maybe" : "yes";
}
