import { parse } from "@std/xml/parse";
import type { XmlElement } from "@std/xml/types";

/** How deeply elements may be nested; real documents of the platform need eight levels. */
const MAX_DEPTH = 64;

/**
 * Reads a document of the platform's. Whoever calls it has seen to its size.
 *
 * @param xml The document; a byte order mark in front of it does no harm.
 * @returns Its root.
 * @throws {Error} If it is not well-formed, has a DOCTYPE or an unknown entity, or is
 * nested more than 64 deep. What it says may quote the document.
 */
export function parseXml(xml: string): XmlElement {
  const text = xml.startsWith("\ufeff") ? xml.slice(1) : xml;
  rejectInheritedEntities(text);
  return parse(text, {
    ignoreComments: true,
    disallowDoctype: true,
    maxDepth: MAX_DEPTH,
  }).root;
}

/**
 * @std/xml 0.2.0 looks entities up in an object, and so takes `&constructor;` and
 * what else objects inherit for entities that it knows.
 */
function rejectInheritedEntities(xml: string): void {
  for (const [entity, name] of xml.matchAll(/&([A-Za-z][A-Za-z0-9]*);/g)) {
    if (name! in {}) throw new Error(`Unknown entity "${entity}"`);
  }
}
