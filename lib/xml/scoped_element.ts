import type { XmlElement } from "@std/xml/types";

/** An element, and the namespaces that its prefixes stand for; "" is the default one. */
export interface ScopedElement {
  /** The element. */
  readonly element: XmlElement;
  /** The namespaces, by prefix. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/**
 * Adds to an element what its prefixes stand for; the parser resolves no default
 * namespace.
 *
 * @param element The element.
 * @param outer The namespaces around it.
 * @returns Both.
 */
export function scopedElement(
  element: XmlElement,
  outer: ReadonlyMap<string, string> = new Map(),
): ScopedElement {
  const namespaces = new Map(outer);
  for (const [name, value] of Object.entries(element.attributes)) {
    if (name === "xmlns") namespaces.set("", value);
    if (name.startsWith("xmlns:")) namespaces.set(name.slice(6), value);
  }
  return { element, namespaces };
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
  { element: { name }, namespaces }: ScopedElement,
  namespace: string,
  local: string,
): boolean {
  return name.local === local &&
    namespaces.get(name.prefix ?? "") === namespace;
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
  { element, namespaces }: ScopedElement,
  namespace: string,
  local: string,
): ScopedElement[] {
  return element.children.filter((node) => node.type === "element")
    .filter(({ name }) => name.local === local)
    .map((child) => scopedElement(child, namespaces))
    .filter((child) => isNamed(child, namespace, local));
}
