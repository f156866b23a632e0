import { succeed } from "../helpers/command.ts";

/** A package that is installed. */
export interface Package {
  /** Its name. */
  readonly name: string;
  /** Whether the distribution calls it essential. */
  readonly essential: boolean;
  /** Its other names. */
  readonly provides: readonly string[];
  /** Its dependencies: one of each group. */
  readonly depends: readonly (readonly string[])[];
}

const FORMAT =
  "${Package}\\t${Essential}\\t${Provides}\\t${Pre-Depends}, ${Depends}\\t${Status}\\n";

/**
 * Reads dpkg's list of packages.
 *
 * @param list A line a package: name, essential, provides, depends, status, with tabs between.
 * @returns The packages that are installed.
 */
export function parsePackages(list: string): Package[] {
  return list.split("\n").flatMap((line) => {
    const [name, essential, provides, depends, status] = line.split("\t");
    if (!name || !status?.endsWith(" installed")) return [];
    return [{
      name,
      essential: essential === "yes",
      provides: groupsOf(provides ?? "").flat(),
      depends: groupsOf(depends ?? ""),
    }];
  });
}

/**
 * Finds all that packages need, themselves included.
 *
 * @param installed The packages that are installed; others are passed over.
 * @returns The names, sorted.
 */
export function closureOf(
  names: readonly string[],
  installed: readonly Package[],
): string[] {
  const byName = new Map(installed.map((it) => [it.name, it]));
  const find = (name: string) =>
    byName.get(name) ?? installed.find((it) => it.provides.includes(name));
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const one = find(name);
    if (one === undefined || found.has(one.name)) continue;
    found.add(one.name);
    for (const group of one.depends) {
      const chosen = group.find((it) => find(it) !== undefined);
      if (chosen !== undefined) open.push(chosen);
    }
  }
  return [...found].sort();
}

/**
 * Lists what is installed here.
 *
 * @returns The packages, or `undefined` where there is no dpkg.
 */
export async function installedPackages(): Promise<Package[] | undefined> {
  try {
    return parsePackages(
      await succeed("dpkg-query", ["--show", `--showformat=${FORMAT}`]),
    );
  } catch {
    return undefined;
  }
}

/**
 * Lists the files of packages, with the byte code that was made of them.
 *
 * @returns The files' real paths, no folders.
 */
export async function filesOfPackages(
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const listed = await succeed("dpkg-query", ["--listfiles", ...names]);
  const files = new Set<string>();
  const sources = new Set<string>();
  for (const path of new Set(listed.split("\n"))) {
    if (!path.startsWith("/") || path === "/.") continue;
    const slash = path.lastIndexOf("/");
    const folder = await realFolder(path.slice(0, slash) || "/");
    const file = `${folder}${path.slice(slash)}`;
    if (folder === undefined || !isFileOrLink(file)) continue;
    files.add(file);
    if (file.endsWith(".py")) sources.add(folder);
  }
  for (const folder of sources) {
    for (const name of namesIn(`${folder}/__pycache__`)) {
      files.add(`${folder}/__pycache__/${name}`);
    }
  }
  return [...files].sort();
}

/** `python3 (>= 3.11), a:any | b` is two groups, versions and architectures aside. */
function groupsOf(field: string): string[][] {
  return field.split(",").map((group) =>
    group.split("|").map((one) =>
      one.replace(/\(.*?\)/g, "").trim().replace(/:.*$/, "")
    ).filter((name) => name !== "")
  ).filter((group) => group.length > 0);
}

const realFolders = new Map<string, string | undefined>();

async function realFolder(path: string): Promise<string | undefined> {
  if (!realFolders.has(path)) {
    realFolders.set(path, await Deno.realPath(path).catch(() => undefined));
  }
  return realFolders.get(path);
}

function isFileOrLink(path: string): boolean {
  try {
    return !Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
