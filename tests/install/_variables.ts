import { ROOT } from "../helpers/program.ts";

/** Where a name of a variable stands in a script. */
const PLACES: readonly RegExp[] = [
  // An assignment.
  /(?:^|[\s;({&|])([A-Za-z_][A-Za-z0-9_]*)=/gm,
  // A use.
  /\$\{?#?([A-Za-z_][A-Za-z0-9_]*)/g,
  /\bfor ([A-Za-z_][A-Za-z0-9_]*)\b/g,
];

const READ = /\bread (?:-r )?((?:[A-Za-z_][A-Za-z0-9_]* ?)+)/g;

/** All scripts that run while an image is made. */
export async function imageScripts(): Promise<string[]> {
  const scripts = ["install.sh"];
  for await (const { name } of Deno.readDir(`${ROOT}image`)) {
    if (name.endsWith(".sh")) scripts.push(`image/${name}`);
  }
  for await (const { name } of Deno.readDir(`${ROOT}units`)) {
    if (name !== "common") scripts.push(`units/${name}/init.sh`);
  }
  return scripts.sort();
}

/**
 * Reads the names of all variables of the scripts.
 *
 * @returns The names, also some that only look like one.
 */
export async function variableNames(): Promise<Set<string>> {
  const names = new Set<string>();
  for (const script of await imageScripts()) {
    const text = await Deno.readTextFile(`${ROOT}${script}`);
    for (const place of PLACES) {
      for (const [, name] of text.matchAll(place)) names.add(name!);
    }
    for (const [, list] of text.matchAll(READ)) {
      for (const name of list!.trim().split(" ")) names.add(name);
    }
  }
  return names;
}
