/**
 * Stand-in for `@std/xml/parse`: the same tree, read by `saxes`.
 *
 * @module
 */

import { SaxesParser, type SaxesTagNS } from "saxes";
import type {
  XmlDeclaration,
  XmlDocument,
  XmlElement,
  XmlName,
  XmlNode,
} from "./types.ts";

/** Options for {@linkcode parse}. */
export interface ParseOptions {
  /** Leaves out text that is nothing but white space. */
  readonly ignoreWhitespace?: boolean;
  /** Leaves out comments. */
  readonly ignoreComments?: boolean;
  /** Puts line and column into the messages of errors. True unless told otherwise. */
  readonly trackPosition?: boolean;
  /** Every DOCTYPE is refused; there is no way to allow one here. */
  readonly disallowDoctype?: true;
  /** How deep elements may be nested. */
  readonly maxDepth?: number;
}

type OpenElement = XmlElement & {
  attributes: Record<string, string>;
  children: XmlNode[];
};

const BYTE_ORDER_MARK = "\uFEFF";
const ONLY_WHITESPACE = /^[ \t\r\n]*$/;
const PREDEFINED_ENTITIES = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/**
 * Parses an XML document.
 *
 * @param xml The document.
 * @param options What to leave out and what to refuse.
 * @returns The document as a tree.
 * @throws {Error} If the text is no well-formed XML document, starts with a byte order mark, has a DOCTYPE or is nested too deep.
 */
export function parse(xml: string, options: ParseOptions = {}): XmlDocument {
  const {
    ignoreWhitespace = false,
    ignoreComments = false,
    trackPosition = true,
    maxDepth = Infinity,
  } = options;
  if (xml.startsWith(BYTE_ORDER_MARK)) {
    throw new SyntaxError("Cannot have a byte order mark before the document");
  }

  const parser = new SaxesParser({
    xmlns: true,
    position: trackPosition,
    // An XML 1.1 declaration would loosen the rules.
    defaultXMLVersion: "1.0",
    forceXMLVersion: true,
  });
  // The parser's own table has a prototype: it would know `&toString;`.
  parser.ENTITIES = Object.assign(Object.create(null), PREDEFINED_ENTITIES);

  const open: OpenElement[] = [];
  let declaration: XmlDeclaration | undefined;
  let root: XmlElement | undefined;

  const add = (node: XmlNode) => open.at(-1)?.children.push(node);

  parser.on("xmldecl", (found) => {
    const start = trackPosition ? 1 : 0;
    declaration = {
      type: "declaration",
      version: found.version ?? "1.0",
      line: start,
      column: start,
      offset: 0,
      ...(found.encoding !== undefined && { encoding: found.encoding }),
      ...(found.standalone !== undefined &&
        { standalone: found.standalone as "yes" | "no" }),
    };
  });
  parser.on("doctype", () => {
    throw new SyntaxError("Cannot have a DOCTYPE in the document");
  });
  parser.on("opentag", (tag) => {
    const element = toElement(tag);
    add(element);
    root ??= element;
    if (!tag.isSelfClosing && open.length >= maxDepth) {
      throw new SyntaxError(`Cannot nest elements deeper than "${maxDepth}"`);
    }
    // The parser looks a prefix up from the inside out: let it find this one at once.
    tag.ns[tag.prefix] ??= tag.uri;
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.on("text", (text) => {
    if (!ignoreWhitespace || !ONLY_WHITESPACE.test(text)) {
      add({ type: "text", text });
    }
  });
  parser.on("cdata", (text) => add({ type: "cdata", text }));
  parser.on("comment", (text) => {
    if (!ignoreComments) add({ type: "comment", text });
  });

  parser.write(xml).close();
  if (root === undefined) {
    throw new SyntaxError("Cannot find a root element in the document");
  }
  return declaration === undefined ? { root } : { declaration, root };
}

function toElement(tag: SaxesTagNS): OpenElement {
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, attribute] of Object.entries(tag.attributes)) {
    attributes[name] = attribute.value;
  }
  return { type: "element", name: toName(tag), attributes, children: [] };
}

function toName({ name: raw, local, prefix, uri }: SaxesTagNS): XmlName {
  return prefix === "" ? { raw, local } : { raw, prefix, local, uri };
}
