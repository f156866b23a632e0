import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import {
  anchorsOf,
  GENERATED,
  linesOutsideCode,
  linksOf,
  type Page,
  readPages,
} from "./_pages.ts";

const MAX_README_LINES = 150;
const MAX_COLUMNS = 100;

/** Files that somebody would add. */
const MADE_UP = /NAME|madeup/;

const PAGES = await readPages();
const README = pageAt("README.md");

function pageAt(path: string): Page {
  const page = PAGES.find((it) => it.path === path);
  if (page === undefined) throw new Error(`There is no page ${path}`);
  return page;
}

/** Where a link leads, from the repository's root. */
function resolve(link: string, { path }: Page): string {
  const { pathname } = new URL(link, `file:///${path}`);
  return decodeURIComponent(pathname.slice(1));
}

function isLocal(link: string): boolean {
  return !/^[a-z]+:/.test(link);
}

/** The pages that a page links to, by their paths. */
function linkedFrom(page: Page): string[] {
  return linksOf(page).filter(isLocal).map((link) => resolve(link, page));
}

Deno.test("README fits on a few screens of a terminal", () => {
  const lines = README.text.trimEnd().split("\n");
  assert(lines.length <= MAX_README_LINES, `${lines.length} lines`);
  for (const line of lines) assert(line.length <= MAX_COLUMNS, line);
});

Deno.test("README starts with the two commands that try it out", () => {
  const top = README.text.split("\n## ")[0]!;
  assertStringIncludes(top, "\ntools/dev demo ");
  assertStringIncludes(top, "\ntools/dev test ");
});

for (const page of PAGES) {
  if (!GENERATED.includes(page.path)) {
    Deno.test(`${page.path} has no line that a terminal of ${MAX_COLUMNS} columns breaks`, () => {
      for (const line of linesOutsideCode(page)) {
        assert(line.length <= MAX_COLUMNS, line);
      }
    });
  }

  Deno.test(`${page.path} quotes paths of the repository that exist`, async () => {
    const paths = page.text.matchAll(
      /`((?:image|lib|tests|tools|units)\/[\w./-]*\w\.(?:ts|sh|c|py|service))`/g,
    );
    for (const [, path] of paths) {
      if (MADE_UP.test(path!)) continue;
      assert((await Deno.stat(`${ROOT}${path}`)).isFile, path);
    }
  });

  Deno.test(`${page.path} links to files and headings that exist`, async () => {
    for (const link of linksOf(page).filter(isLocal)) {
      const path = resolve(link, page);
      const { isFile } = await Deno.stat(`${ROOT}${path}`)
        .catch(() => ({ isFile: false }));
      assert(isFile, `no file: ${link}`);
      const anchor = link.split("#")[1];
      if (anchor !== undefined) {
        assert(anchorsOf(pageAt(path)).has(anchor), `no heading: ${link}`);
      }
    }
  });
}

for (const index of ["README.md", "docs/README.md"]) {
  Deno.test(`${index} links to every page of docs`, () => {
    const pages = PAGES.map(({ path }) => path)
      .filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
    const linked = linkedFrom(pageAt(index));
    assertEquals(pages.filter((path) => !linked.includes(path)), []);
  });
}
