/**
 * Writes man pages in roff, with the macros of man(7).
 *
 * @module
 */

/** The title of a man page. */
export interface Title {
  /** Its name. */
  readonly name: string;
  /** Its section of the manual, such as 8. */
  readonly section: number;
  /** Its summary, in one line. */
  readonly summary: string;
  /** The software and its version. */
  readonly source: string;
}

/** A section of a man page. */
export interface Section {
  /** Its heading. */
  readonly heading: string;
  /** Its body, in roff. */
  readonly body: string;
}

/** Writes a man page, with its sections after NAME. */
export function manPage(
  { name, section, summary, source }: Title,
  sections: readonly Section[],
): string {
  const all: readonly Section[] = [
    { heading: "NAME", body: `${escape(name)} \\- ${escape(summary)}` },
    ...sections,
  ];
  return [
    `.\\" Written by "tools/dev man".`,
    `.TH ${name.toUpperCase()} ${section} "" "${source}"`,
    ...all.flatMap(({ heading, body }) => [`.SH "${heading}"`, body]),
  ].join("\n") + "\n";
}

/** Escapes a text of any number of lines, so that roff shows it literally. */
export function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq").replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha").replaceAll("~", "\\(ti")
    .replaceAll(/^\./gm, "\\&.");
}

/** Writes a text, with the code between its backticks in bold. */
export function prose(text: string): string {
  return text.split(/`([^`]*)`/).map((part, index) =>
    index % 2 === 0 ? escape(part) : bold(part)
  ).join("").replaceAll(/^\./gm, "\\&.");
}

/** Writes a text in bold. */
export function bold(text: string): string {
  return `\\fB${escape(text)}\\fR`;
}

/** Writes paragraphs, with code between backticks. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(prose).join("\n.PP\n");
}

/** Writes lines that are shown literally. */
export function verbatim(text: string): string {
  return `.RS 4\n.nf\n${escape(text)}\n.fi\n.RE`;
}

/** Writes a list of terms, in roff, and their meanings, with code between backticks. */
export function definitions(
  items: readonly (readonly [term: string, meaning: string])[],
): string {
  return items.map(([term, meaning]) => `.TP\n${term}\n${prose(meaning)}`)
    .join("\n");
}

/** Writes a list of other man pages. */
export function seeAlso(
  pages: readonly (readonly [name: string, section: number])[],
): string {
  return pages.map(([name, section], index) =>
    `.BR ${escape(name)} (${section})${index < pages.length - 1 ? "," : ""}`
  ).join("\n");
}
