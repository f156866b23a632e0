import type { XmlElement } from "@std/xml/types";

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
