import { parse } from "@std/xml/parse";
import type { XmlElement } from "@std/xml/types";

/** How deeply elements may be nested. The platform's documents have eight levels. */
const MAX_DEPTH = 64;

/**
 * How many tags and entities a document may have. A real one has fifty, and one with a
 * thousand role instances has sixteen thousand. Each takes up to 300 bytes, so a megabyte
 * of them would take more memory than a small VM can spare.
 */
export const MAX_MARKS = 64 * 1024;

/**
 * Parses a document of the platform, whose size the caller has checked.
 *
 * @param xml The document. It may start with a byte order mark.
 * @returns Its root.
 * @throws {Error} If it is not well-formed, has a DOCTYPE or an unknown entity, is nested
 * more than 64 deep, or has more tags and entities than {@linkcode MAX_MARKS}. The message
 * may quote the document.
 */
export function parseXml(xml: string): XmlElement {
  const text = xml.startsWith("\ufeff") ? xml.slice(1) : xml;
  rejectManyMarks(text);
  rejectInheritedEntities(text);
  return parse(text, {
    ignoreComments: true,
    disallowDoctype: true,
    maxDepth: MAX_DEPTH,
  }).root;
}

/** Comments and the like count as well: each may split a text in two. */
function rejectManyMarks(xml: string): void {
  let count = 0;
  for (const mark of "<&") {
    for (let at = xml.indexOf(mark); at >= 0; at = xml.indexOf(mark, at + 1)) {
      if (++count <= MAX_MARKS) continue;
      throw new Error(`It has over ${MAX_MARKS} tags and entities`);
    }
  }
}

/**
 * @std/xml 0.2.0 looks up entities in an object, so it takes `&constructor;` and other
 * inherited names for known entities.
 */
function rejectInheritedEntities(xml: string): void {
  for (const [entity, name] of xml.matchAll(/&([A-Za-z][A-Za-z0-9]*);/g)) {
    if (name! in {}) throw new Error(`Unknown entity "${entity}"`);
  }
}

/** An element and its ancestors, which declare its prefixes. */
export interface ScopedElement {
  readonly element: XmlElement;
  /** The parent; the root has none. */
  readonly outer?: ScopedElement;
}

/**
 * The parser does not resolve default namespaces. Nothing is copied here: there may be
 * thousands of elements and of declarations.
 */
function namespaceOf(
  prefix: string | undefined,
  innermost: ScopedElement,
): string | undefined {
  const name = prefix === undefined ? "xmlns" : `xmlns:${prefix}`;
  let scope: ScopedElement | undefined = innermost;
  while (scope !== undefined) {
    const { attributes } = scope.element;
    if (Object.hasOwn(attributes, name)) return attributes[name];
    scope = scope.outer;
  }
}

/** Whether an element has this name in this namespace, whatever its prefix. */
export function isNamed(
  scoped: ScopedElement,
  namespace: string,
  local: string,
): boolean {
  const { name } = scoped.element;
  return name.local === local &&
    namespaceOf(name.prefix, scoped) === namespace;
}

/** Finds the children of an element that have this name in this namespace, in order. */
export function childrenNamed(
  parent: ScopedElement,
  namespace: string,
  local: string,
): ScopedElement[] {
  return parent.element.children.filter((node) => node.type === "element")
    .filter(({ name }) => name.local === local)
    .map((element) => ({ element, outer: parent }))
    .filter((child) => isNamed(child, namespace, local));
}

/** The text and CDATA of an element, trimmed, without those of its children. */
export function textOf(element: XmlElement): string {
  return exactTextOf(element).trim();
}

/** The same, with the blanks around it. */
export function exactTextOf({ children }: XmlElement): string {
  let text = "";
  for (const node of children) {
    if (node.type === "text" || node.type === "cdata") text += node.text;
  }
  return text;
}
