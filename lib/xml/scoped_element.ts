import type { XmlElement } from "@std/xml/types";

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
