/**
 * Writes man pages in roff, with the macros of man(7).
 *
 * @module
 */

/** What a man page is called, and where it belongs. */
export interface Title {
  /** Its name. */
  readonly name: string;
  /** Its section of the manual. */
  readonly section: number;
  /** What it is about, in one line. */
  readonly summary: string;
  /** The version of what it is about. */
  readonly source: string;
}

/** A section of a man page. */
export interface Section {
  /** Its heading. */
  readonly heading: string;
  /** Its body, in roff. */
  readonly body: string;
}

/**
 * Puts a man page together.
 *
 * @param title What it is called.
 * @param sections Its sections after NAME.
 * @returns The page.
 */
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

/**
 * Writes a text so that roff shows it as it is.
 *
 * @param text The text, of any number of lines.
 * @returns The text in roff.
 */
export function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq").replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha").replaceAll("~", "\\(ti")
    .replaceAll(/^\./gm, "\\&.");
}

/**
 * Writes a text in which code stands between backticks, in bold.
 *
 * @param text The text.
 * @returns The text in roff.
 */
export function prose(text: string): string {
  return text.split(/`([^`]*)`/).map((part, index) =>
    index % 2 === 0 ? escape(part) : bold(part)
  ).join("").replaceAll(/^\./gm, "\\&.");
}

/**
 * Writes a text in bold.
 *
 * @param text The text.
 * @returns The text in roff.
 */
export function bold(text: string): string {
  return `\\fB${escape(text)}\\fR`;
}

/**
 * Writes paragraphs.
 *
 * @param texts The paragraphs, with code between backticks.
 * @returns The paragraphs in roff.
 */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(prose).join("\n.PP\n");
}

/**
 * Writes lines that are shown as they are.
 *
 * @param text The lines.
 * @returns The lines in roff.
 */
export function verbatim(text: string): string {
  return `.RS 4\n.nf\n${escape(text)}\n.fi\n.RE`;
}

/**
 * Writes a list of terms and what they mean.
 *
 * @param items Each term, in roff, and its explanation, with code between backticks.
 * @returns The list in roff.
 */
export function definitions(
  items: readonly (readonly [term: string, meaning: string])[],
): string {
  return items.map(([term, meaning]) => `.TP\n${term}\n${prose(meaning)}`)
    .join("\n");
}

/**
 * Writes what other pages are worth reading.
 *
 * @param pages Their names, and their sections of the manual.
 * @returns The list in roff.
 */
export function seeAlso(
  pages: readonly (readonly [name: string, section: number])[],
): string {
  return pages.map(([name, section], index) =>
    `.BR ${escape(name)} (${section})${index < pages.length - 1 ? "," : ""}`
  ).join("\n");
}
