import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./helpers/program.ts";

for (
  const { rule, from, to } of [
    {
      rule: "nothing in tools imports tests",
      from: /^tools\//,
      to: /^tests\//,
    },
    {
      rule: "nothing in lib imports tools or tests",
      from: /^lib\//,
      to: /^(tools|tests)\//,
    },
    {
      rule: "the client does not import the simulator",
      from: /^lib\/(?!simulator\/|cli\/)/,
      to: /^lib\/simulator\//,
    },
    {
      rule: "the simulator shares no code with the client",
      from: /^lib\/simulator\//,
      to: /^lib\/(?!simulator\/)/,
    },
  ]
) {
  Deno.test(`layout: ${rule}`, async () => {
    const arrows = await arrowsBetween(["lib", "tools"]);
    assert(arrows.some((it) => from.test(it.from)), "there are such imports");
    assertEquals(
      arrows.filter((it) => from.test(it.from) && to.test(it.to))
        .map((it) => `${it.from} imports ${it.to}`),
      [],
    );
  });
}

interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Returns every import of a local module, static or not, with paths from the root. */
async function arrowsBetween(folders: readonly string[]): Promise<Arrow[]> {
  const arrows: Arrow[] = [];
  for (const folder of folders) {
    for (const from of await modulesIn(folder)) {
      const text = await Deno.readTextFile(`${ROOT}${from}`);
      for (
        const [, specifier] of text.matchAll(
          /(?:\bfrom\s+|\bimport\s*\(?\s*)"(\.[^"]+)"/g,
        )
      ) {
        const url = new URL(specifier!, `file://${ROOT}${from}`);
        arrows.push({ from, to: url.pathname.slice(ROOT.length) });
      }
    }
  }
  return arrows;
}

async function modulesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await modulesIn(path));
    else if (name.endsWith(".ts")) paths.push(path);
  }
  return paths;
}
