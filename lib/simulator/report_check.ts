import { quote, Refusal } from "./refusal.ts";

/** What a health report says. */
export interface Report {
  readonly incarnation: string;
  readonly containerId: string;
  readonly instanceId: string;
  readonly health: Health;
}

/** The state of the VM in a health report. */
export interface Health {
  readonly state: "Ready" | "NotReady";
  /** Only for NotReady. */
  readonly subStatus?: string;
  /** Only for NotReady. */
  readonly description?: string;
}

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
 * Parses a health report in XML, which must have exactly the elements that the platform
 * knows, in their order.
 *
 * @throws {Refusal} If it is invalid. The message names the first mistake.
 */
export function checkReport(text: string): Report {
  const cursor = new Cursor(text);
  cursor.declaration();
  cursor.openRoot("Health");
  const incarnation = cursor.leaf("GoalStateIncarnation");
  cursor.open("Container");
  const containerId = cursor.leaf("ContainerId");
  cursor.open("RoleInstanceList");
  cursor.open("Role");
  const instanceId = cursor.leaf("InstanceId");
  cursor.open("Health");
  const health = checkHealth(cursor);
  cursor.close("Health");
  cursor.close("Role");
  cursor.close("RoleInstanceList");
  cursor.close("Container");
  cursor.close("Health");
  cursor.end();
  if (!/^\d+$/.test(incarnation)) {
    throw new Refusal(
      400,
      `Element "GoalStateIncarnation" is ${quote(incarnation)}, not a number`,
    );
  }
  return { incarnation, containerId, instanceId, health };
}

function checkHealth(cursor: Cursor): Health {
  const state = cursor.leaf("State");
  if (state === "Ready") return { state };
  if (state !== "NotReady") {
    throw new Refusal(
      400,
      `Element "State" is ${quote(state)}, not "Ready" or "NotReady"`,
    );
  }
  cursor.open("Details");
  const subStatus = cursor.leaf("SubStatus");
  if (subStatus !== "ProvisioningFailed" && subStatus !== "Provisioning") {
    throw new Refusal(
      400,
      `Element "SubStatus" is ${
        quote(subStatus)
      }, not "ProvisioningFailed" or "Provisioning"`,
    );
  }
  const description = cursor.leaf("Description");
  cursor.close("Details");
  return { state, subStatus, description };
}

/** A position in the text of a report. It moves over expected text, and refuses any other. */
class Cursor {
  readonly #text: string;
  #at = 0;

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
