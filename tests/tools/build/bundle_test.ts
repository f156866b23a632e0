import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { bundle, keepApart } from "../../../tools/build/bundle.ts";
import {
  denoBundleArguments,
  esbuildArguments,
} from "../../../tools/build/bundlers.ts";
import { deno } from "../../../tools/build/deno.ts";
import { ROOT } from "../../helpers/program.ts";
import { temporaryFolder } from "../_fixtures.ts";

Deno.test("denoBundleArguments() passes flags on, checks types, and leaves some imports alone", () => {
  const args = denoBundleArguments(
    { entries: ["a.ts", "b.ts"], external: ["*/x.ts"], outdir: "dist/x" },
    " --import-map=a  --frozen ",
  );
  assertEquals(args.slice(0, 3), ["bundle", "--import-map=a", "--frozen"]);
  assertEquals(args.slice(-2), ["a.ts", "b.ts"]);
  for (const flag of ["--check", "--external=*/x.ts", "--outdir=dist/x"]) {
    assert(args.includes(flag), flag);
  }
  const plain = { entries: ["a.ts"], outdir: "dist/x" };
  assert(!denoBundleArguments(plain, "").includes(""));
});

Deno.test("esbuildArguments() shortens blanks and names, and leaves statements alone", () => {
  assertEquals(
    esbuildArguments(["a.js"]).filter((it) => it.startsWith("--minify")),
    ["--minify-whitespace", "--minify-identifiers"],
  );
});

Deno.test("esbuild refuses to make a script of a module that asks for its URL, as a script has none", async () => {
  await using folder = await temporaryFolder();
  const module = `${folder.path}/module.js`;
  await Deno.writeTextFile(module, "console.log(import.meta.url);");
  const flags = [module, `--outfile=${folder.path}/out.js`];
  assert(await deno(esbuildArguments([...flags, "--format=esm"])));
  assert(!await deno(esbuildArguments([...flags, "--format=iife"])));
});

const LAZY = `const a = () => import("../../simulator/mod.ts");
const b = () => import("./versions.ts");`;

function kept(text: string): string | undefined {
  return keepApart(new Map([["a.js", text]])).get("a.js");
}

Deno.test("keepApart() has the program import what is apart by its path in the compiled program", () => {
  assertEquals(
    kept(LAZY),
    `const a = () => import("/lib/simulator/mod.js");
const b = () => import("/lib/cli/versions.js");`,
  );
  const own = 'import { x } from "./b.js";';
  assertEquals(kept(`${own}\n${LAZY}`)?.split("\n")[0], own);
});

Deno.test("keepApart() rejects a static import of anything else, which a script cannot have", () => {
  for (
    const line of [
      'import { startPlatform } from "../simulator/mod.ts";',
      'import {\n  readSync,\n} from "node:fs";',
      'import "node:fs";',
    ]
  ) {
    assertThrows(
      () => kept(`${line}\n${LAZY}`),
      Error,
      "statically; import it with import()",
    );
  }
});

Deno.test("keepApart() rejects a program that does not import what is apart", () => {
  assertThrows(
    () => kept('import("./versions.ts");'),
    Error,
    'Cannot keep "lib/simulator/mod.ts" apart',
  );
});

Deno.test("bundle() makes one script, a module that starts it, and the modules apart", async () => {
  await using folder = await temporaryFolder();
  const { entry, script, apart, codeCache, folder: to } = await bundle(
    folder.path,
    true,
  );
  const pathOf = (url: string) => `${to}${new URL(url).pathname}`;
  const paths = [pathOf(entry), script, ...apart.map(pathOf)];
  assertEquals(await filesIn(to), [...paths, codeCache!].sort());
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  const [start, program, ...others] = texts;
  assert(
    program!.startsWith('"use strict";'),
    "a script is not strict by itself",
  );
  const rooted = (path: string) => path.slice(to.length);
  assertEquals(
    importsOf(start!),
    ["node:vm", rooted(script), rooted(codeCache!)].sort(),
  );
  for (const url of [entry, ...apart]) {
    assertMatch(
      url,
      /^https:\/\/azure-provisioning\.invalid\//,
      "a file's path would depend on TMPDIR",
    );
  }
  assertEquals(others.flatMap(importsOf), [], "the modules apart are whole");
  // They have copies of what they share with the script, which must have no state.
  for (const name of ["ProvisioningError", "UsageError"]) {
    assert(program!.includes(name), name);
    assert(!others.some((it) => it.includes(name)), name);
  }
});

Deno.test("bundle() makes two modules of what starts, and one of each import(), where a code cache gains nothing", async () => {
  await using folder = await temporaryFolder();
  const { entry, script, loaded, sources, apart, codeCache, folder: to } =
    await bundle(folder.path, false);
  assertEquals(codeCache, undefined);
  const pathOf = (url: string) => `${to}${new URL(url).pathname}`;
  assertEquals(pathOf(entry), script);
  assertEquals(loaded, [script, `${to}/shared.js`]);
  const lazy = ["login_work", "when_silent", "with_arguments"]
    .map((name) => `${to}/${name}.js`);
  const files = await filesIn(to);
  for (const path of [...loaded, ...lazy, ...apart.map(pathOf)]) {
    assert(files.includes(path), path);
  }
  let all = "";
  for (const path of files) {
    const text = await Deno.readTextFile(path);
    all += text;
    for (const [, imported] of text.matchAll(/["(]"?(\.\/[^"]+\.js)"/g)) {
      assert(files.includes(`${to}/${imported!.slice(2)}`), imported);
    }
  }
  assert(!all.includes("node:vm"));
  for (const url of apart) assert(all.includes(new URL(url).pathname), url);
  assert(sources.includes("lib/provision.ts"));
  assertEquals(
    sources.filter((it) =>
      /^lib\/(simulator|status|cli\/commands\/(?!provision)|parts\/login\/run_)/
        .test(it)
    ),
    [],
  );
  // What starts waits for the whole run; what is imported meanwhile must not wait for it.
  const start = script.slice(to.length + 1);
  for (const path of files.filter((it) => it !== script)) {
    assert(!(await Deno.readTextFile(path)).includes(`"./${start}"`), path);
  }
});

Deno.test("bundle() drops no `using`, as minified syntax does where the resource is used once", async () => {
  await using folder = await temporaryFolder();
  await bundle(folder.path, true);
  assertEquals(
    await usingsIn(folder.path),
    await usingsIn(`${ROOT}lib`),
  );
});

/** Returns what a module imports, statically or not, as `deno bundle` writes it. */
function importsOf(text: string): string[] {
  const imports = /^import (?:[^"(]* )?"([^"]*)"|\bimport\("([^"]*)"\)/gm;
  return [...text.matchAll(imports)].map((it) => it[1] ?? it[2]!).sort();
}

async function filesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    paths.push(...isDirectory ? await filesIn(path) : [path]);
  }
  return paths.sort();
}

/** Counts the resources that the files of a folder hold with `using`. */
async function usingsIn(folder: string): Promise<number> {
  let count = 0;
  for (const path of await filesIn(folder)) {
    const text = await Deno.readTextFile(path);
    count += [...text.matchAll(/(?:^|[\s;{}])using\s+[\w$]+\s*=/gm)].length;
  }
  return count;
}
