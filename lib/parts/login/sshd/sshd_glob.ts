/** The most names that are looked at for one pattern: `/*` repeated would read the whole disk. */
export const MAX_NAMES = 10_000;

const MAGIC_REGEXP = /[*?[\\]/;

/** The files that {@linkcode sshdGlob} searches. */
export interface GlobTree {
  /** Returns the names in a folder. */
  readonly namesIn: (folder: string) => readonly string[];
  /** Whether something is at a path. */
  readonly isThere: (path: string) => boolean;
}

/**
 * Finds files as OpenSSH's own glob(3) does: without braces and `~`, with `^` as an
 * ordinary character, and with a leading dot in a name matched only by a dot.
 *
 * @returns The paths, in the order of their bytes.
 * @throws {Error} If the pattern cannot be matched exactly as sshd would, or matches too much.
 */
export function sshdGlob(pattern: string, tree: GlobTree): string[] {
  // sshd makes patterns absolute, except for `~`, which it does not expand.
  if (!pattern.startsWith("/")) return [];
  requireUtf8(pattern, `"${pattern}" is a pattern that is not UTF-8`);
  if (pattern.includes("\\/")) {
    throw new Error(`"${pattern}" is a pattern with an escape before a slash`);
  }
  let count = 0;
  let paths = [""];
  for (const step of pattern.split("/").filter((it) => it !== "")) {
    if (!MAGIC_REGEXP.test(step)) {
      paths = paths.map((path) => `${path}/${step}`);
      continue;
    }
    const wanted = stepRegExp(step);
    paths = paths.flatMap((path) => {
      const names = tree.namesIn(path);
      if ((count += names.length + 1) > MAX_NAMES) {
        throw new Error(
          `"${pattern}" is a pattern that matches too many files`,
        );
      }
      return names.filter((name) => wanted.test(bytesOf(name))).map((name) => {
        requireUtf8(name, `"${path}" has a file whose name is not UTF-8`);
        return `${path}/${name}`;
      });
    });
  }
  return paths.filter(tree.isThere).sort(byBytes);
}

function requireUtf8(text: string, problem: string): void {
  if (text.includes("\ufffd")) throw new Error(problem);
}

/** One character per byte, because sshd compares bytes. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/**
 * Each `*` except the last is a lookahead that takes as little as possible and never
 * backtracks: with a plain `.*` for each, a pattern with many would take polynomial time.
 */
function stepRegExp(step: string): RegExp {
  const bytes = bytesOf(step);
  const parts = [""];
  const add = (source: string) => parts[parts.length - 1] += source;
  for (let at = 0; at < bytes.length; at++) {
    const character = bytes[at]!;
    const set = character === "["
      ? /^\[(!|(?!!))(\][^\]]*|[^\]]+)\]/.exec(bytes.slice(at))
      : null;
    if (set !== null && /\[[:.=]|\\/.test(set[0].slice(1))) {
      throw new Error(
        `"${step}" is a pattern with a class of characters, or an escape in a set`,
      );
    }
    if (set !== null) {
      const [whole, not, characters] = set as unknown as [
        string,
        string,
        string,
      ];
      add(
        `[${not === "" ? "" : "^"}${
          characters.replaceAll(/[\\[\]^]/g, "\\$&")
        }]`,
      );
      at += whole.length - 1;
    } else if (character === "*") parts.push("");
    else if (character === "?") add(".");
    else {
      const literal = character === "\\" ? bytes[++at] ?? "\\" : character;
      add(literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    }
  }
  const hidden = /^\\?\./.test(step) ? "" : "(?!\\.)";
  const [first, ...others] = parts;
  const last = others.pop();
  const middle = others.map((part, at) => `(?=(.*?${part}))\\${at + 1}`);
  const end = last === undefined ? "" : `.*${last}`;
  try {
    return new RegExp(`^${hidden}${first}${middle.join("")}${end}$`, "s");
  } catch {
    throw new Error(`"${step}" is not a valid pattern`);
  }
}

/** sshd sorts by bytes, which for UTF-8 is the order of code points. */
function byBytes(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
