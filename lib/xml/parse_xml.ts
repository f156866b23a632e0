import { parse } from "@std/xml/parse";
import type { XmlElement } from "@std/xml/types";

/** How deeply elements may be nested; real documents of the platform need eight levels. */
const MAX_DEPTH = 64;

/**
 * How many tags and entities a document may have. A real one has fifty, one with a
 * thousand role instances sixteen thousand. Each takes up to 300 bytes, so that a
 * megabyte of nothing else would take more than a small VM can spare.
 */
export const MAX_MARKS = 64 * 1024;

/**
 * Reads a document of the platform's. Whoever calls it has seen to its size.
 *
 * @param xml The document; a byte order mark in front of it does no harm.
 * @returns Its root.
 * @throws {Error} If it is not well-formed, has a DOCTYPE or an unknown entity, is
 * nested more than 64 deep, or has more tags and
 * entities than {@linkcode MAX_MARKS}. What it says may quote the document.
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

/** Comments and the like count, too: each may be between two texts. */
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
 * @std/xml 0.2.0 looks entities up in an object, and so takes `&constructor;` and
 * what else objects inherit for entities that it knows.
 */
function rejectInheritedEntities(xml: string): void {
  for (const [entity, name] of xml.matchAll(/&([A-Za-z][A-Za-z0-9]*);/g)) {
    if (name! in {}) throw new Error(`Unknown entity "${entity}"`);
  }
}

/** An element, and those around it, which say what its prefixes stand for. */
export interface ScopedElement {
  /** The element. */
  readonly element: XmlElement;
  /** The one right around it; absent for the root. */
  readonly outer?: ScopedElement;
}

/** The parser resolves no default namespace; nothing is copied, as there may be thousands of both. */
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

/**
 * Whether an element has a name of a namespace, whatever its prefix.
 *
 * @param scoped The element.
 * @param namespace The namespace.
 * @param local The name.
 * @returns Whether it has.
 */
export function isNamed(
  scoped: ScopedElement,
  namespace: string,
  local: string,
): boolean {
  const { name } = scoped.element;
  return name.local === local &&
    namespaceOf(name.prefix, scoped) === namespace;
}

/**
 * Finds the elements of a name right below another.
 *
 * @param parent The other.
 * @param namespace Their namespace.
 * @param local Their name.
 * @returns All of them, in order.
 */
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

/**
 * The text of an element, without that of the elements in it.
 *
 * @param element The element.
 * @returns Its text and CDATA, with the blanks around them taken off.
 */
export function textOf({ children }: XmlElement): string {
  let text = "";
  for (const node of children) {
    if (node.type === "text" || node.type === "cdata") text += node.text;
  }
  return text.trim();
}
