/**
 * The tree that `@std/xml/parse` makes and `@std/xml/stringify` takes.
 *
 * @module
 */

/** The name of an element. */
export interface XmlName {
  /** The name as written, with its prefix. */
  readonly raw: string;
  /** The name without its prefix. */
  readonly local: string;
  /** What stands in front of the colon, if there is one. */
  readonly prefix?: string;
  /** The namespace that the prefix is bound to, if there is a prefix. */
  readonly uri?: string;
}

/** Text, its entities decoded. */
export interface XmlTextNode {
  readonly type: "text";
  readonly text: string;
}

/** A CDATA section. */
export interface XmlCDataNode {
  readonly type: "cdata";
  readonly text: string;
}

/** A comment. */
export interface XmlCommentNode {
  readonly type: "comment";
  readonly text: string;
}

/** An element, its attributes by their names as written. */
export interface XmlElement {
  readonly type: "element";
  readonly name: XmlName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ReadonlyArray<XmlNode>;
}

/** Anything that can stand inside an element. */
export type XmlNode =
  | XmlElement
  | XmlTextNode
  | XmlCDataNode
  | XmlCommentNode;

/** The line that starts with `<?xml`. */
export interface XmlDeclaration {
  readonly type: "declaration";
  readonly version: string;
  readonly encoding?: string;
  readonly standalone?: "yes" | "no";
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A parsed document. */
export interface XmlDocument {
  readonly declaration?: XmlDeclaration;
  readonly root: XmlElement;
}
