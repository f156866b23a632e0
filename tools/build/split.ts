/**
 * Handles the modules that `deno bundle --code-splitting` makes of one program.
 *
 * @module
 */

/** The longest name that Deno looks for in a vendor folder as it is, in characters. */
const MAX_NAME_LENGTH = 30;

/** What esbuild puts behind the name of a module that it splits off. */
const HASH = /-[A-Z0-9]{8}(?=[-.])/g;

const IMPORT = /(?<=\b(?:from|import)\s*\(?")\.\/([^"]+)(?=")/g;
/** The module that {@linkcode joinShared} makes. */
export const SHARED = "shared.js";

/** How esbuild writes what a module gives to others, and takes from them. */
const EXPORTS = /^export \{([^}]*)\};$/gm;
const NAMED_IMPORT = /^import \{([^}]*)\} from "\.\/([^"]+)";$/gm;
const BARE_IMPORT = /^import "\.\/([^"]+)";$/gm;

const STATIC_IMPORT = /\b(?:from|import)\s*"\.\/([^"]+)"/g;

/**
 * Renames modules, as Deno finds a vendored file by its URL only if its name is short and
 * lower-case: `login_work-2UZ4KEXT.js` becomes `login_work.js`, and `chunk-53PEIVU4.js`,
 * which others share, `shared_1.js`.
 *
 * @param texts The modules by their names.
 * @throws {Error} If one would be named like another, or imports one that is not there.
 */
export function nameShortly(
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const short = new Map<string, string>();
  let shared = 0;
  for (const name of [...texts.keys()].sort()) {
    const to = name.startsWith("chunk-")
      ? `shared_${++shared}.js`
      : name.replaceAll(HASH, "");
    if ([...short.values()].includes(to) || !isPlain(to)) {
      throw new Error(`Cannot name the module "${name}" shortly`);
    }
    short.set(name, to);
  }
  const rename = (text: string, from: string) =>
    text.replaceAll(IMPORT, (_, name: string) => {
      const to = short.get(name);
      if (to !== undefined) return `./${to}`;
      throw new Error(`"${from}" imports "${name}", which is not there`);
    });
  return new Map(
    [...short].map(([from, to]) => [to, rename(texts.get(from)!, from)]),
  );
}

function isPlain(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && /^[a-z0-9_.]+$/.test(name);
}

/**
 * Lists the modules that one loads at once: itself, and what it imports without `import()`.
 *
 * @param texts The modules by their names.
 * @param first The name of the first one.
 */
export function staticImportsOf(
  texts: ReadonlyMap<string, string>,
  first: string,
): string[] {
  const found = new Set([first]);
  for (const name of found) {
    for (const [, imported] of texts.get(name)!.matchAll(STATIC_IMPORT)) {
      found.add(imported!);
    }
  }
  return [...found];
}

/**
 * Adds a module that takes the place of all that the first one imports, as each module that
 * is loaded costs half a million instructions. The first one stays apart: it waits for the
 * whole run, and what it imports meanwhile must not have to wait for it.
 *
 * @param texts The modules by their names.
 * @param first The name of the first one.
 * @returns The modules, with {@linkcode SHARED}, which still imports those that it is made of;
 * no other does.
 */
export function joinShared(
  texts: ReadonlyMap<string, string>,
  first: string,
): ReadonlyMap<string, string> {
  const inside = new Set(
    staticImportsOf(texts, first).filter((it) => it !== first),
  );
  const nameIn = (module: string, name: string) =>
    `${module.replace(/\.js$/, "")}_${name}`;
  const shared = [...inside].flatMap((module) =>
    [...texts.get(module)!.matchAll(EXPORTS)].map(([, list]) => {
      const names = words(list!).map((it) => it.split(" as ").at(-1)!)
        .map((name) => `${name} as ${nameIn(module, name)}`);
      return `export { ${names.join(", ")} } from "./${module}";\n`;
    })
  );
  const fromShared = (text: string) =>
    text.replaceAll(NAMED_IMPORT, (whole, list: string, module: string) => {
      if (!inside.has(module)) return whole;
      const names = words(list).map((it) => it.split(" as "))
        .map(([name, to = name]) => `${nameIn(module, name!)} as ${to}`);
      return `import { ${names.join(", ")} } from "./${SHARED}";`;
    }).replaceAll(
      BARE_IMPORT,
      (whole, module: string) =>
        inside.has(module) ? `import "./${SHARED}";` : whole,
    );
  return new Map([
    ...[...texts].map(([name, text]) =>
      [name, inside.has(name) ? text : fromShared(text)] as const
    ),
    [SHARED, shared.join("")],
  ]);
}

function words(list: string): string[] {
  return list.split(",").map((it) => it.trim()).filter((it) => it !== "");
}
