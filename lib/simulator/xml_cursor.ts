import { quote, Refusal } from "./refusal.ts";

/** The blanks of XML. `\s` would match more. */
const BLANK = "[ \\t\\r\\n]";
const ENCODING =
  `${BLANK}+encoding${BLANK}*=${BLANK}*(?:"[uU][tT][fF]-8"|'[uU][tT][fF]-8')`;
const STANDALONE =
  `${BLANK}+standalone${BLANK}*=${BLANK}*(?:"(?:yes|no)"|'(?:yes|no)')`;
const DECLARATION = new RegExp(
  `^<\\?xml${BLANK}+version${BLANK}*=${BLANK}*(?:"1\\.0"|'1\\.0')(?:${ENCODING})?(?:${STANDALONE})?${BLANK}*\\?>`,
);
const ATTRIBUTE =
  `[^ \\t\\r\\n=<>"']+${BLANK}*=${BLANK}*(?:"[^"<>]*"|'[^'<>]*')`;

const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ["xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"],
  ["xmlns:xsd", "http://www.w3.org/2001/XMLSchema"],
]);

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * A position in the text of a report in XML. It moves over expected text, and refuses any
 * other. The elements of such reports have no attributes but those that it is asked for.
 */
export class XmlCursor {
  readonly #text: string;
  #at = 0;

  /** Starts at the beginning. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Moves over an XML declaration, if there is one. */
  declaration(): void {
    this.#match(DECLARATION);
  }

  /** Moves over the start tag of the root, which may declare the two namespaces. */
  openRoot(name: string): void {
    const attributes = this.#expect(
      new RegExp(
        `^${BLANK}*<${name}((?:${BLANK}+${ATTRIBUTE})*)${BLANK}*>`,
      ),
      `start tag "<${name}>"`,
    )[1] ?? "";
    const seen = new Set<string>();
    for (
      const [, key = "", quoted = ""] of attributes.matchAll(
        /([^ \t\r\n=]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')/g,
      )
    ) {
      const value = quoted.slice(1, -1);
      if (NAMESPACES.get(key) !== value || seen.has(key)) {
        throw new Refusal(
          400,
          `Attribute ${quote(`${key}="${value}"`)} does not belong in a report`,
        );
      }
      seen.add(key);
    }
  }

  /** Moves over a start tag. */
  open(name: string): void {
    this.#expect(
      new RegExp(`^${BLANK}*<${name}${BLANK}*>`),
      `start tag "<${name}>"`,
    );
  }

  /** Moves over an end tag. */
  close(name: string): void {
    this.#expect(
      new RegExp(`^${BLANK}*</${name}${BLANK}*>`),
      `end tag "</${name}>"`,
    );
  }

  /** Moves over an element that holds only text, and returns the text. */
  leaf(name: string): string {
    if (this.#match(new RegExp(`^${BLANK}*<${name}${BLANK}*/>`)) !== null) {
      return "";
    }
    this.open(name);
    const raw = this.#expect(/^[^<]*/, "text")[0];
    this.#expect(new RegExp(`^</${name}${BLANK}*>`), `end tag "</${name}>"`);
    return decodeText(raw);
  }

  /**
   * Moves over an empty element, and returns its attributes, which have to be these in their
   * order.
   */
  empty(name: string, attributes: readonly string[]): string[] {
    const pattern = attributes.map((attribute) =>
      `${BLANK}+${attribute}${BLANK}*=${BLANK}*("[^"<>]*"|'[^'<>]*')`
    ).join("");
    const [, ...quoted] = this.#expect(
      new RegExp(`^${BLANK}*<${name}${pattern}${BLANK}*/>`),
      `empty element "<${name}>" with ${attributes.join(", ")}`,
    );
    return quoted.map((value) => decodeText(value.slice(1, -1)));
  }

  /** Checks that only blanks are left. */
  end(): void {
    this.#expect(/^[ \t\r\n]*$/, "the end");
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#text.slice(this.#at));
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #expect(pattern: RegExp, what: string): RegExpExecArray {
    const found = this.#match(pattern);
    if (found === null) {
      const rest = quote(this.#text.slice(this.#at, this.#at + 40));
      throw new Refusal(
        400,
        `Report has ${rest} at character "${this.#at}" in place of the ${what}`,
      );
    }
    return found;
  }
}

function decodeText(raw: string): string {
  if (raw.includes("]]>")) {
    throw new Refusal(400, `Text ${quote(raw)} holds "]]>"`);
  }
  for (const character of raw) {
    if (!isXmlCharacter(character.codePointAt(0) ?? 0)) {
      throw new Refusal(
        400,
        `Character ${quote(character)} is not allowed in XML`,
      );
    }
  }
  return raw.replace(/&([^&;]*);?/g, (reference: string, name: string) => {
    const character = reference.endsWith(";")
      ? decodeReference(name)
      : undefined;
    if (character === undefined) {
      throw new Refusal(400, `Reference ${quote(reference)} is unknown`);
    }
    return character;
  });
}

function decodeReference(name: string): string | undefined {
  const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
  const hexadecimal = /^#x([0-9A-Fa-f]{1,6})$/.exec(name)?.[1];
  const code = decimal !== undefined
    ? parseInt(decimal, 10)
    : hexadecimal !== undefined
    ? parseInt(hexadecimal, 16)
    : undefined;
  if (code === undefined) return ENTITIES.get(name);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

function isXmlCharacter(code: number): boolean {
  return code === 0x9 || code === 0xA || code === 0xD ||
    (code >= 0x20 && code <= 0xD7FF) ||
    (code >= 0xE000 && code <= 0xFFFD) ||
    (code >= 0x10000 && code <= 0x10FFFF);
}
