import { run, succeed } from "../helpers/command.ts";

/** The contents of a root. */
export interface RootContent {
  /** Files of this machine, by their real paths, which are the same in the root. */
  readonly files: readonly string[];
  /** Programs of this machine, which come with their libraries. */
  readonly programs: readonly string[];
  /** Further files: their paths in the root, and their sources. */
  readonly copies: Readonly<Record<string, string>>;
}

const FOLDERS = ["proc", "dev", "run", "etc", "tmp", "var/lib", "bench"];

/** If these are links here, as on a system with a merged /usr, they are links in the root. */
const LINKS = ["bin", "sbin", "lib", "lib64"];

/** The files that a first boot finds. */
export const IMAGE_FILES: Readonly<Record<string, string>> = {
  "etc/hostname": "image\n",
  "etc/hosts": "127.0.0.1\tlocalhost\n127.0.1.1\timage\n",
};

/**
 * Makes a root: a folder with copies of all that one program needs, and so with pages
 * of its own in the page cache.
 *
 * @param folder The folder, empty.
 */
export async function makeRoot(
  folder: string,
  { files, programs, copies }: RootContent,
): Promise<void> {
  for (const name of FOLDERS) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  for (const name of LINKS) {
    const { isSymlink } = await Deno.lstat(`/${name}`);
    if (!isSymlink) continue;
    const target = await Deno.readLink(`/${name}`);
    await Deno.mkdir(`${folder}/${target}`, { recursive: true });
    await Deno.symlink(target, `${folder}/${name}`);
  }
  await copyFiles(folder, [...files, ...await withLibraries(programs)]);
  for (const [place, source] of Object.entries(copies)) {
    const target = `${folder}${place}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.copyFile(source, target);
    await copyFiles(folder, await librariesOf(source));
  }
  await Deno.writeTextFile(`${folder}/dev/null`, "");
  for (const [name, text] of Object.entries(IMAGE_FILES)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

/**
 * Programs, and the libraries that they load.
 *
 * @returns All paths, real ones and those of the links that lead there.
 */
export async function withLibraries(
  programs: readonly string[],
): Promise<string[]> {
  const all = new Set<string>();
  for (const program of programs) {
    all.add(await inRealFolder(program)).add(await Deno.realPath(program));
    for (const library of await librariesOf(program)) all.add(library);
  }
  return [...all];
}

/** Static programs and scripts have none. */
async function librariesOf(program: string): Promise<string[]> {
  const { code, stdout } = await run("ldd", [program]);
  if (code !== 0) return [];
  const paths = [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1]!);
  return (await Promise.all(paths.map(async (path) => [
    await inRealFolder(path),
    await Deno.realPath(path),
  ]))).flat();
}

async function inRealFolder(path: string): Promise<string> {
  const slash = path.lastIndexOf("/");
  return `${await Deno.realPath(path.slice(0, slash))}${path.slice(slash)}`;
}

/** Copies a file with its times, which Python's byte code depends on; links stay links. */
async function copyFiles(
  folder: string,
  files: readonly string[],
): Promise<void> {
  if (files.length === 0) return;
  const list = await Deno.makeTempFile();
  try {
    const names = [...new Set(files)].map((path) => path.slice(1));
    await Deno.writeTextFile(list, names.join("\n"));
    await succeed("sh", [
      "-euc",
      'tar -C / -cf - --no-recursion -T "$0" | tar -C "$1" -xf -',
      list,
      folder,
    ]);
  } finally {
    await Deno.remove(list);
  }
}
