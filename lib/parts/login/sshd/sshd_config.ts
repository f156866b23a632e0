/** A line of sshd_config(5) that is not blank or a comment. */
export interface SshdDirective {
  /** The keyword, in lower case. */
  readonly keyword: string;
  /** The arguments, without their quotes. */
  readonly words: readonly string[];
  /** The line number, from 1. */
  readonly line: number;
}

/** A line cannot be read as sshd reads it; because of most such lines, sshd does not start. */
export class SshdConfigError extends Error {
  override readonly name = "SshdConfigError";
}

/**
 * Parses sshd_config(5) as sshd does (`process_server_config_line_depth` in OpenSSH's
 * servconf.c).
 *
 * @returns The directives in their order, whether sshd knows their keywords or not.
 * @throws {SshdConfigError} If a line has a quote without an end, or a NUL.
 */
export function parseSshdConfig(text: string): SshdDirective[] {
  return text.split("\n").flatMap((content, index) => {
    const line = index + 1;
    // sshd would continue with the next line here.
    if (content.includes("\0")) {
      throw new SshdConfigError(`line ${line} has a NUL`);
    }
    const { keyword, rest } = splitKeyword(content);
    return keyword === "" || keyword.startsWith("#") ? [] : [{
      keyword: keyword.toLowerCase(),
      words: splitWords(rest, line),
      line,
    }];
  });
}

/** A word, and what follows it. */
interface Split {
  readonly keyword: string;
  readonly rest: string;
}

/** Blanks at the start of a line end an empty word, which sshd skips. */
function splitKeyword(line: string): Split {
  const split = splitWord(withoutEndBlanks(line));
  return split.keyword === "" ? splitWord(split.rest) : split;
}

/**
 * See `strdelim` in OpenSSH's misc.c: a word ends at blanks, at one `=`, or after a
 * quoted part, which may begin inside the word. If its quote has no end, it is empty.
 */
function splitWord(text: string): Split {
  const at = text.search(/[ \t\r"=]/);
  if (at === -1) return { keyword: text, rest: "" };
  if (text[at] !== '"') {
    const rest = text.slice(at).replace(/^(?:=|[ \t\r]+=?)[ \t\r]*/, "");
    return { keyword: text.slice(0, at), rest };
  }
  const end = text.indexOf('"', at + 1);
  if (end === -1) return { keyword: "", rest: "" };
  return {
    keyword: text.slice(0, at) + text.slice(at + 1, end),
    rest: text.slice(end + 1).replace(/^[ \t\r]+/, ""),
  };
}

/** Not a regular expression, which would take quadratic time on a line of blanks. */
function withoutEndBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r\f".includes(line[end - 1]!)) end--;
  return line.slice(0, end);
}

/** See `argv_split` in OpenSSH's misc.c: both kinds of quotes, a few escapes, and comments. */
function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (isBlank(text[at])) continue;
    if (text[at] === "#") break;
    let word = "";
    let quote = "";
    for (; at < text.length && (quote !== "" || !isBlank(text[at])); at++) {
      const character = text[at]!;
      const next = text[at + 1] ?? "";
      if (character === "\\" && isEscapable(next, quote)) {
        word += next;
        at++;
      } else if (quote === "" && (character === '"' || character === "'")) {
        quote = character;
      } else if (character === quote) quote = "";
      else word += character;
    }
    if (quote !== "") {
      throw new SshdConfigError(`line ${line} has a quote without its end`);
    }
    words.push(word);
  }
  return words;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function isEscapable(character: string, quote: string): boolean {
  return ["'", '"', "\\"].includes(character) ||
    (quote === "" && character === " ");
}
