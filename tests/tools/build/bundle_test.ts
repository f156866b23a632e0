import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  bundle,
  bundleArguments,
  esbuildArguments,
} from "../../../tools/build/bundle.ts";
import { deno } from "../../../tools/build/deno.ts";
import { ROOT } from "../../helpers/program.ts";
import { temporaryFolder } from "../_fixtures.ts";

Deno.test("bundleArguments() passes flags on, checks types, and splits off what is loaded lazily", () => {
  const args = bundleArguments("dist/x", " --import-map=a  --frozen ", "a.ts");
  assertEquals(args.slice(0, 3), ["bundle", "--import-map=a", "--frozen"]);
  assertEquals(args.at(-1), "a.ts");
  for (const flag of ["--check", "--code-splitting", "--outdir=dist/x"]) {
    assert(args.includes(flag), flag);
  }
  assert(!bundleArguments("dist/x", "", "a.ts").includes(""));
});

Deno.test("esbuildArguments() shortens blanks and names, and leaves statements alone", () => {
  assertEquals(
    esbuildArguments(["a.js"]).filter((it) => it.startsWith("--minify")),
    ["--minify-whitespace", "--minify-identifiers"],
  );
});

Deno.test("esbuildArguments() refuse to make a script of what asks where it is, as a script does not know", async () => {
  await using folder = await temporaryFolder();
  const module = `${folder.path}/module.js`;
  await Deno.writeTextFile(module, "console.log(import.meta.url);");
  const flags = [module, `--outfile=${folder.path}/out.js`];
  assert(await deno(esbuildArguments([...flags, "--format=esm"])));
  assert(!await deno(esbuildArguments([...flags, "--format=iife"])));
});

Deno.test("bundle() makes one script, one module that runs it, and one of each thing apart", async () => {
  await using folder = await temporaryFolder();
  const { entry, script, apart, codeCache, folder: to } = await bundle(
    folder.path,
  );
  const pathOf = (url: string) => `${to}${nameOf(url).slice(1)}`;
  const paths = [pathOf(entry), script, ...apart.map(pathOf)];
  const files = await Array.fromAsync(Deno.readDir(to));
  assertEquals(
    files.map(({ name }) => `${to}/${name}`).sort(),
    [...paths, codeCache].sort(),
  );
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  const [start, program, ...others] = texts;
  assert(
    program!.startsWith('"use strict";'),
    "a script is not strict by itself",
  );
  // Deno has node:fs ready.
  assertEquals(
    importsOf(program!),
    [...apart.map(nameOf), "node:fs"].sort(),
  );
  assertEquals(
    apart.map(nameOf),
    ["./mod.js", "./versions.js"],
    "a first boot reads no simulator",
  );
  assertEquals(
    importsOf(start!),
    ["node:vm", nameOf(script), nameOf(codeCache)].sort(),
  );
  for (const url of [entry, ...apart]) {
    assertMatch(url, /^https:/, "a file's path would depend on TMPDIR");
  }
  assertEquals(
    others.flatMap(importsOf),
    [],
    "nothing is there twice in parts",
  );
  // What is apart has a copy of what it shares, and so must share nothing that has a state.
  for (const name of ["ProvisioningError", "UsageError"]) {
    assert(program!.includes(name), name);
    assert(!others.some((it) => it.includes(name)), name);
  }
});

Deno.test("bundle() drops no `using`, as `deno bundle --minify` does where the resource is used once", async () => {
  await using folder = await temporaryFolder();
  await bundle(folder.path);
  assertEquals(
    await usingsIn(folder.path),
    await usingsIn(`${ROOT}lib`),
  );
});

function nameOf(path: string): string {
  return `.${path.slice(path.lastIndexOf("/"))}`;
}

/** What a text imports, statically or not. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:\bimport\(|\bfrom|\bimport)"([^"]*)"/g)]
    .map((it) => it[1]!).sort();
}

/** How many resources the files of a folder see to the end of, by `using`. */
async function usingsIn(folder: string): Promise<number> {
  let count = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) count += await usingsIn(path);
    else {
      const text = await Deno.readTextFile(path);
      count += [...text.matchAll(/(?:^|[\s;{}])using\s+[\w$]+\s*=/gm)].length;
    }
  }
  return count;
}
