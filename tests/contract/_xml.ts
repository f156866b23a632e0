import { parse } from "@std/xml/parse";
import type { XmlElement, XmlNode } from "@std/xml/types";

/** How this project parses. */
export const OPTIONS = {
  ignoreComments: true,
  ignoreWhitespace: true,
  trackPosition: true,
  disallowDoctype: true,
  maxDepth: 64,
} as const;

/**
 * Parses a document as this project does.
 *
 * @param xml The document.
 * @returns Its root.
 */
export function parseRoot(xml: string): XmlElement {
  return parse(xml, OPTIONS).root;
}

/**
 * Makes an element.
 *
 * @param local Its name, without a prefix.
 * @param children What is in it.
 * @param attributes Its attributes.
 * @returns The element.
 */
export function element(
  local: string,
  children: XmlNode[] = [],
  attributes: Record<string, string> = {},
): XmlElement {
  return { type: "element", name: { raw: local, local }, attributes, children };
}

/**
 * Makes text.
 *
 * @returns The node.
 */
export function text(text: string): XmlNode {
  return { type: "text", text };
}

/**
 * Makes CDATA.
 *
 * @param text What is in it.
 * @returns The node.
 */
export function cdata(text: string): XmlNode {
  return { type: "cdata", text };
}
