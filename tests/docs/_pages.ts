import { ROOT } from "../helpers/program.ts";

/** A page of the documentation. */
export interface Page {
  /** Its path, from the repository's root. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

/** Pages that a tool writes; their tables are as wide as what was measured. */
export const GENERATED: readonly string[] = [
  "docs/performance.md",
  "docs/reliability.md",
];

/**
 * Reads a page.
 *
 * @param path Its path, from the repository's root.
 * @returns The page.
 */
export async function readPage(path: string): Promise<Page> {
  return { path, text: await Deno.readTextFile(`${ROOT}${path}`) };
}

/**
 * Reads every page for people: those at the root, in `docs`, and in `.github`.
 *
 * @returns The pages, in the order of their paths.
 */
export async function readPages(): Promise<Page[]> {
  const paths: string[] = [];
  for (const folder of ["", "docs/", ".github/", ".github/ISSUE_TEMPLATE/"]) {
    for await (const { name } of Deno.readDir(`${ROOT}${folder}`)) {
      if (name.endsWith(".md")) paths.push(`${folder}${name}`);
    }
  }
  return await Promise.all(paths.sort().map(readPage));
}

/**
 * The lines of a page outside of its code blocks.
 *
 * @returns The lines; those of code blocks are empty.
 */
export function linesOutsideCode({ text }: Page): string[] {
  let inCode = false;
  return text.split("\n").map((line) => {
    const isFence = /^\s*```/.test(line);
    const isCode = isFence || inCode;
    if (isFence) inCode = !inCode;
    return isCode ? "" : line;
  });
}

/**
 * The text of a page below a heading, up to the next heading of the same or a higher rank.
 *
 * @param heading The heading, with its number signs.
 * @returns The text.
 * @throws {Error} If the page has no such heading.
 */
export function sectionOf(page: Page, heading: string): string {
  const lines = page.text.split("\n");
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`${page.path} has no "${heading}"`);
  const rank = heading.indexOf(" ");
  const rest = lines.slice(start + 1);
  // A comment in a code block is no heading.
  const end = linesOutsideCode(page).slice(start + 1).findIndex((line) =>
    /^#+ /.test(line) && line.indexOf(" ") <= rank
  );
  return rest.slice(0, end === -1 ? undefined : end).join("\n");
}

/**
 * The anchors that GitHub gives a page's headings.
 *
 * @returns The anchors, without number signs.
 */
export function anchorsOf(page: Page): Set<string> {
  const anchors = new Set<string>();
  for (const line of linesOutsideCode(page)) {
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading.toLowerCase().replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) {
      anchor = `${slug}-${count}`;
    }
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * The targets of a page's links and images.
 *
 * @returns The targets, as they are written.
 */
export function linksOf(page: Page): string[] {
  const text = linesOutsideCode(page).join("\n").replaceAll(/`[^`]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
}
