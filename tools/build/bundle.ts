/**
 * Bundles the program: into one script, the module that starts it, and the modules that a
 * first boot never loads. Where a code cache gains nothing, the script is a module itself.
 * "How the binary is built" in `docs/architecture.md` tells why.
 *
 * @module
 */

import { denoBundle, esbuild } from "./bundlers.ts";
import { CODE_CACHE, HOST, SCRIPT } from "./names.ts";
import { RUNTIME } from "./runtime.ts";

/** The module that becomes the script. */
const PROGRAM = "lib/cli/run.ts";

/** The module that starts the compiled program. */
const START = "tools/build/start.ts";

/** The one that starts itself. */
const START_MODULE = "tools/build/start_module.ts";

/**
 * What a first boot never loads: the module, and how every import of it ends. Each gets
 * a copy of what it shares with the script, so neither may share anything with a state.
 */
const APART = [
  { module: "lib/simulator/mod.ts", specifier: "/simulator/mod.ts" },
  { module: "lib/cli/versions.ts", specifier: "/versions.ts" },
] as const;

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
  /** The path of the script, or of the module that takes its place. */
  readonly script: string;
  /** The paths of the modules in the script, from the root of the repository. */
  readonly sources: readonly string[];
  /** The path of the code cache, an empty file until it is made; none for a module. */
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
  if (!withCodeCache) {
    const script = `${to}/${compiledName(START_MODULE)}`;
    const sources = await bundleProgram(START_MODULE, `${folder}/esm`, [
      "--format=esm",
      "--splitting",
      `--outdir=${to}/tools/build`,
    ], true);
    await shortenNames(`${to}/tools/build`);
    await denoBundle({ entries: apart, outdir: `${to}/lib` });
    const entry = urlOf(START_MODULE);
    const config = await writeConfig(folder);
    return { ...parts, config, entry, script, sources, codeCache: undefined };
  }
  const script = `${to}/${SCRIPT}`;
  const sources = await bundleProgram(PROGRAM, `${folder}/esm`, [
    "--format=iife",
    `--global-name=${EXPORTS}`,
    '--banner:js="use strict";', // A module is strict without it, a script is not.
    `--footer:js=${EXPORTS};`,
    `--outfile=${script}`,
  ]);
  await denoBundle({ entries: [START, ...apart], outdir: to });
  const start = `${to}/${compiledName(START)}`;
  const text = await Deno.readTextFile(start);
  await Deno.writeTextFile(start, IMPORTS_OF_START + text);
  const codeCache = `${to}/${CODE_CACHE}`;
  await Deno.writeTextFile(codeCache, "");
  const entry = urlOf(START);
  const config = await writeConfig(folder);
  return { ...parts, config, entry, script, sources, codeCache };
}

/**
 * Makes one module of all that is not apart, and has esbuild go on with that.
 *
 * @param program The first module.
 * @param folder A folder for the module.
 * @param flags What esbuild makes of it.
 * @returns What is in it.
 */
async function bundleProgram(
  program: string,
  folder: string,
  flags: readonly string[],
  splitting = false,
): Promise<string[]> {
  await denoBundle({
    entries: [program],
    external: APART.map(({ specifier }) => `*${specifier}`),
    outdir: folder,
    splitting,
  });
  const module = `${folder}/${baseName(compiledName(program))}`;
  const text = await Deno.readTextFile(module);
  if (splitting) {
    for await (const { name } of Deno.readDir(folder)) {
      let t = await Deno.readTextFile(`${folder}/${name}`);
      for (const { module, specifier } of APART) {
        t = t.replaceAll(
          new RegExp(
            `\\bimport\\("[^"]*${specifier.replaceAll(".", "\\.")}"\\)`,
            "g",
          ),
          `import("/${compiledName(module)}")`,
        );
      }
      await Deno.writeTextFile(`${folder}/${name}`, t);
    }
  } else {
    await Deno.writeTextFile(module, keepApart(text));
  }
  await esbuild(folder, [
    baseName(module),
    ...flags,
    ...APART.map(({ module }) => `--external:/${compiledName(module)}`),
  ]);
  await Deno.remove(folder, { recursive: true });
  // `deno bundle` puts a comment with its path in front of each module.
  return [...text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map((it) => it[1]!);
}

/**
 * Rewrites the imports of the separate modules to their paths in the compiled program.
 *
 * @param text The module, as `deno bundle` writes it.
 * @throws {Error} If it imports anything before it runs, or if nothing imports what is apart.
 */
export function keepApart(text: string): string {
  const [, early] = /^import (?:[^"(]* )?"([^"]*)"/m.exec(text) ?? [];
  if (early !== undefined) {
    throw new Error(
      `Cannot make a script of "${PROGRAM}": it imports "${early}" statically; import it with import()`,
    );
  }
  return APART.reduce((text, { module, specifier }) => {
    const imports = new RegExp(
      `\\bimport\\("[^"]*${specifier.replaceAll(".", "\\.")}"\\)`,
      "g",
    );
    if (!imports.test(text)) {
      throw new Error(
        `Cannot keep "${module}" apart: nothing imports it with import("...${specifier}")`,
      );
    }
    return text.replaceAll(imports, `import("/${compiledName(module)}")`);
  }, text);
}

/** The longest name of a file that Deno keeps in a vendor folder as it is. */
const MAX_NAME_LENGTH = 30;

/**
 * Renames what esbuild has split off, as Deno finds a vendored file by its URL only if its
 * name is short and lower-case: `login_work-2UZ4KEXT-53PEIVU4.js` becomes `login_work.js`.
 *
 * @throws {Error} If a file imports one that is not there.
 */
async function shortenNames(folder: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name).sort();
  let shared = 0;
  const short = new Map(names.map((name) => [
    name,
    name.startsWith("chunk-")
      ? `shared_${++shared}.js`
      : name.replaceAll(/-[A-Z0-9]{8}(?=[-.])/g, ""),
  ]));
  if (
    new Set(short.values()).size < names.length ||
    [...short.values()].some((name) =>
      name.length > MAX_NAME_LENGTH || /[^a-z0-9_.]/.test(name)
    )
  ) {
    throw new Error(`Cannot shorten the names "${names.join('", "')}"`);
  }
  for (const [name, to] of short) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    await Deno.remove(`${folder}/${name}`);
    await Deno.writeTextFile(
      `${folder}/${to}`,
      text.replaceAll(
        /(?<=\b(?:from|import) ?\(?")\.\/([^"]+)(?=")/g,
        (_, imported: string) => {
          const found = short.get(imported);
          if (found !== undefined) return `./${found}`;
          throw new Error(
            `"${name}" imports "${imported}", which is not there`,
          );
        },
      ),
    );
  }
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
