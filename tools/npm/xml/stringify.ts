/**
 * Stand-in for `@std/xml/stringify`: writes an element.
 *
 * @module
 */

import type { XmlElement, XmlName, XmlNode } from "./types.ts";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/**
 * Writes an element and all that is in it, without any white space of its own.
 *
 * @returns The XML text.
 * @throws {TypeError} If a comment holds what no comment may hold.
 */
export function stringify(element: XmlElement): string {
  const name = writeName(element.name);
  const attributes = Object.entries(element.attributes).map(([key, value]) =>
    ` ${key}="${escapeAttribute(value)}"`
  ).join("");
  if (element.children.length === 0) return `<${name}${attributes}/>`;
  return `<${name}${attributes}>${
    element.children.map(writeNode).join("")
  }</${name}>`;
}

function writeName({ prefix, local }: XmlName): string {
  return prefix ? `${prefix}:${local}` : local;
}

function writeNode(node: XmlNode): string {
  switch (node.type) {
    case "element":
      return stringify(node);
    case "text":
      return escapeText(node.text);
    case "cdata":
      return writeCData(node.text);
    case "comment":
      return writeComment(node.text);
  }
}

/** `]]>` would end the section: it is cut in two, each half in a section of its own. */
function writeCData(text: string): string {
  return `<![CDATA[${text.split("]]>").join("]]]]><![CDATA[>")}]]>`;
}

function writeComment(text: string): string {
  if (text.includes("--") || text.endsWith("-")) {
    throw new TypeError(`Cannot write "${text}" as a comment`);
  }
  return `<!--${text}-->`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, entityOf);
}

/** A parser turns white space in attributes into blanks, unless it is written as an entity. */
function escapeAttribute(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, entityOf);
}

function entityOf(character: string): string {
  return ENTITIES[character] ?? character;
}
