/**
 * Bundles the program: into one script, the module that starts it, and the modules that a
 * first boot never loads. Where a code cache gains nothing, it is modules: those that an
 * ordinary first boot loads, and those that the source imports with `import()`.
 * "How the binary is built" in `docs/architecture.md` tells why.
 *
 * @module
 */

import { denoBundle, esbuild } from "./bundlers.ts";
import { CODE_CACHE, HOST, SCRIPT } from "./names.ts";
import { RUNTIME } from "./runtime.ts";
import { joinShared, nameShortly, SHARED, staticImportsOf } from "./split.ts";

/** The module that becomes the script. */
const PROGRAM = "lib/cli/run.ts";

/** The module that starts the compiled program. */
const START = "tools/build/start.ts";

/** The one that starts itself, and its name in the compiled program. */
const START_MODULE = "tools/build/start_module.ts";
const START_MODULE_NAME = "start_module.js";

/**
 * What a first boot never loads: the module, and how every import of it ends. Each gets
 * a copy of what it shares with the script, so neither may share anything with a state.
 */
const APART = [
  { module: "lib/simulator/mod.ts", specifier: "/simulator/mod.ts" },
  { module: "lib/cli/versions.ts", specifier: "/versions.ts" },
] as const;

const EXTERNAL = APART.map(({ module }) =>
  `--external:/${compiledName(module)}`
);

/** The variable that holds the script's exports, and is the script's value. */
const EXPORTS = "azureProvisioning";

/** Gives `start.ts` its constants; there are no such files to import beside the source. */
const IMPORTS_OF_START =
  `import source from "/${SCRIPT}" with { type: "text" };\n` +
  `import codeCache from "/${CODE_CACHE}" with { type: "bytes" };\n`;

/** A bundled program. */
export interface Bundle {
  /** The path of the configuration that tells Deno where the modules are. */
  readonly config: string;
  /** The URL of the program's first module. */
  readonly entry: string;
  /** The URLs of the modules that the script imports. */
  readonly apart: readonly string[];
  /** The path of the script, or of the module that starts in its place. */
  readonly script: string;
  /** The paths of what is loaded at the start: the script, or modules. */
  readonly loaded: readonly string[];
  /** The paths of the modules in that, from the root of the repository. */
  readonly sources: readonly string[];
  /** The path of the code cache, an empty file until it is made; none for modules. */
  readonly codeCache: string | undefined;
  /** The folder of all modules: a URL's path is a path in it. */
  readonly folder: string;
}

/**
 * Bundles the program into `folder`. The same sources give the same bytes.
 *
 * @param withCodeCache Whether it becomes a script that can have one.
 * @throws {Error} If Deno or esbuild fails, or a module cannot be kept apart.
 */
export async function bundle(
  folder: string,
  withCodeCache = RUNTIME.codeCache,
): Promise<Bundle> {
  const vendored = `${folder}/vendor/${HOST}`;
  await Deno.mkdir(vendored, { recursive: true });
  const to = await Deno.realPath(vendored);
  const apart = APART.map(({ module }) => module);
  const parts = { folder: to, apart: apart.map(urlOf) };
  const config = await writeConfig(folder);
  const work = `${folder}/esm`;
  if (!withCodeCache) {
    const files = await splitProgram(START_MODULE, work);
    const atOnce = staticImportsOf(files, START_MODULE_NAME);
    await joinModules(work, files, to);
    await denoBundle({ entries: apart, outdir: `${to}/lib` });
    const script = `${to}/${START_MODULE_NAME}`;
    return {
      ...parts,
      config,
      entry: urlOf(START_MODULE_NAME),
      script,
      loaded: [script, `${to}/${SHARED}`],
      sources: sourcesOf(atOnce.map((name) => files.get(name)!)),
      codeCache: undefined,
    };
  }
  const script = `${to}/${SCRIPT}`;
  const files = await splitProgram(PROGRAM, work);
  await joinProgram(work, files, script);
  await denoBundle({ entries: [START, ...apart], outdir: to });
  const start = `${to}/${compiledName(START)}`;
  const text = await Deno.readTextFile(start);
  await Deno.writeTextFile(start, IMPORTS_OF_START + text);
  const codeCache = `${to}/${CODE_CACHE}`;
  await Deno.writeTextFile(codeCache, "");
  return {
    ...parts,
    config,
    entry: urlOf(START),
    script,
    loaded: [script],
    sources: sourcesOf([...files.values()]),
    codeCache,
  };
}

/**
 * Makes modules of all that is not apart: one that starts, one for each `import()`, and
 * those that several of them share.
 *
 * @param program The first module.
 * @param folder A folder that is empty again afterwards.
 * @returns Their texts by their names.
 */
async function splitProgram(
  program: string,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  await denoBundle({
    entries: [program],
    external: APART.map(({ specifier }) => `*${specifier}`),
    outdir: folder,
    splitting: true,
  });
  const texts = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    texts.set(name, await Deno.readTextFile(`${folder}/${name}`));
    await Deno.remove(`${folder}/${name}`);
  }
  return nameShortly(keepApart(texts));
}

/**
 * Makes two modules of what is loaded at the start, and leaves the others as they are.
 *
 * @param work A folder for the parts.
 * @param files The modules by their names.
 * @param outdir The folder for the results.
 */
async function joinModules(
  work: string,
  files: ReadonlyMap<string, string>,
  outdir: string,
): Promise<void> {
  const inside = staticImportsOf(files, START_MODULE_NAME).slice(1);
  const joined = joinShared(files, START_MODULE_NAME);
  await writeFiles(work, joined);
  const outside = [...joined.keys()].filter((it) => !inside.includes(it));
  await esbuild(work, [
    ...outside,
    "--format=esm",
    ...outside.map((name) => `--external:./${name}`),
    ...EXTERNAL,
    `--outdir=${outdir}`,
  ]);
  await Deno.remove(work, { recursive: true });
}

/**
 * Makes one script of modules. It holds all of them, as V8 has compiled it already: what
 * the source imports with `import()` is at hand in the script's value.
 */
async function joinProgram(
  work: string,
  files: ReadonlyMap<string, string>,
  script: string,
): Promise<void> {
  const lazy = new Set<string>();
  const texts = [...files].map(([name, text]) =>
    [
      name,
      text.replaceAll(
        /\bimport\("\.\/([a-z0-9_]+)\.js"\)/g,
        (_, it: string) => {
          lazy.add(it);
          return `Promise.resolve(${EXPORTS}.${it})`;
        },
      ),
    ] as const
  );
  const all = [
    `export * from "./${baseName(compiledName(PROGRAM))}";`,
    ...[...lazy].map((it) => `export * as ${it} from "./${it}.js";`),
  ];
  await writeFiles(work, new Map([...texts, [SCRIPT, all.join("\n")]]));
  await esbuild(work, [
    SCRIPT,
    "--format=iife",
    `--global-name=${EXPORTS}`,
    '--banner:js="use strict";', // A module is strict without it, a script is not.
    `--footer:js=${EXPORTS};`,
    ...EXTERNAL,
    `--outfile=${script}`,
  ]);
  await Deno.remove(work, { recursive: true });
}

async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, text] of files) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

/** `deno bundle` puts a comment with its path in front of each module. */
function sourcesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map((it) => it[1]!)
  );
}

/**
 * Rewrites the imports of the separate modules to their paths in the compiled program.
 *
 * @param texts The modules by their names, as `deno bundle` writes them.
 * @throws {Error} If one imports anything but another of them before it runs, or if nothing
 * imports what is apart.
 */
export function keepApart(
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const result = new Map(texts);
  for (const [name, text] of texts) {
    const [, early] = /^import (?:[^"(]* )?"((?!\.\/)[^"]*)"/m.exec(text) ?? [];
    if (early === undefined) continue;
    throw new Error(
      `Cannot bundle "${PROGRAM}": "${name}" imports "${early}" statically; import it with import()`,
    );
  }
  for (const { module, specifier } of APART) {
    const imports = new RegExp(
      `\\bimport\\("[^"]*${specifier.replaceAll(".", "\\.")}"\\)`,
      "g",
    );
    let found = false;
    for (const [name, text] of result) {
      if (!imports.test(text)) continue;
      found = true;
      const to = `import("/${compiledName(module)}")`;
      result.set(name, text.replaceAll(imports, to));
    }
    if (found) continue;
    throw new Error(
      `Cannot keep "${module}" apart: nothing imports it with import("...${specifier}")`,
    );
  }
  return result;
}

/** Deno takes modules of {@linkcode HOST} out of the folder `vendor` beside this file. */
async function writeConfig(folder: string): Promise<string> {
  const config = `${folder}/deno.json`;
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  await Deno.writeTextFile(
    config,
    JSON.stringify({ vendor: true, unstable: ["raw-imports"], imports }),
  );
  return config;
}

function urlOf(module: string): string {
  return `https://${HOST}/${compiledName(module)}`;
}

function compiledName(module: string): string {
  return module.replace(/\.ts$/, ".js");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
